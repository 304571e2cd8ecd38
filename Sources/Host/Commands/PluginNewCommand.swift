import ArgumentParser
import Files
import PluginTemplates

/// `heron plugin new`: the sources of a plugin, to begin with.
struct PluginNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Makes a folder with the sources of a new plugin.",
        discussion: """
            It builds and runs topologies as it is: containers as processes of this machine.

            Examples:
              heron plugin new fleet --language c
              heron plugin new fleet --language swift --directory plugins
            """
    )

    @Argument(help: "The plugin's name: lower-case letters, digits and '-', a letter first.") var name: String
    @Option(help: "The language to write it in.") var language: PluginLanguage
    @Option(help: ArgumentHelp("Where to make the folder.", valueName: "path")) var directory: String = "."

    func validate() throws {
        if directory.isEmpty { throw ValidationError("--directory must not be empty") }
    }

    func run() throws {
        let home = try Installation.current().home
        let path = try PluginTemplate(language, heronHome: home).make(name, in: directory)
        print("\(Console.safe(path)): a plugin that works as it is; its README.md says what is where")
        print("  export HERON_HOME=\(home)\n  make -C \(Console.safe(path)) check install")
    }
}

extension PluginLanguage: ExpressibleByArgument {}
