import Files
import Glibc
import PluginTemplates
import Processes
import Testing

@testable import PluginCheck

/// A distribution that has only what authors of plugins need, and a folder to work in.
struct TemplateHome: Sendable {
    let scratch: Scratch
    var home: String { "\(scratch.path)/home" }
    var work: String { "\(scratch.path)/work" }

    /// What SDK/install.sh installs, and the configuration of the cluster local.
    static func install() async throws -> TemplateHome {
        let home = TemplateHome(scratch: try Scratch())
        for folder in ["work", "home/conf", "tmp"] { _ = try createFolders("\(home.scratch.path)/\(folder)") }
        try await home.run(["\(repository)/SDK/install.sh", home.home], in: home.scratch.path)
        try await home.run(["cp", "-R", "\(repository)/conf/local", "\(home.home)/conf/"], in: home.scratch.path)
        return home
    }

    /// Makes the sources of a plugin; returns their folder.
    func make(_ name: String, _ language: PluginLanguage) throws -> String {
        try PluginTemplate(language, heronHome: home).make(name, in: work)
    }

    /// Runs a command that must succeed, and returns its output.
    @discardableResult
    func run(_ command: [String], in folder: String) async throws -> String {
        let completed = try await complete(command, in: folder)
        let error = String(decoding: completed.error, as: UTF8.self)
        try #require(completed.status.isSuccess, "\(command.joined(separator: " ")): \(error)")
        return String(decoding: completed.output, as: UTF8.self)
    }

    func complete(
        _ command: [String],
        in folder: String,
        heronHome: String? = nil
    ) async throws -> CompletedProcess {
        let environment = ["HERON_HOME": heronHome ?? home, "PKG_CONFIG_PATH": "\(home)/lib/pkgconfig", "LC_ALL": "C"]
        return try await ChildProcess.runToCompletion(
            executable: command[0],
            arguments: Array(command.dropFirst()),
            environment: ChildProcess.currentEnvironment().merging(environment) { $1 },
            workingDirectory: folder,
            timeLimit: .seconds(300)
        )
    }

    /// Checks a plugin's folder with all rules.
    func check(_ folder: String) async throws {
        var settings = CheckSettings(executable: heron, arguments: ["plugin", "run-check"])
        settings.temporaryFolder = "\(scratch.path)/tmp"
        settings.fuzzTime = .milliseconds(300)
        let report = try await PluginChecker(folder: folder, settings: settings).run()
        #expect(report.outcomes.filter { $0.value != .ok } == [:])
        #expect(try folderEntries("\(scratch.path)/tmp") == [])
    }

    /// The files of a folder and those below it, by paths relative to it.
    func files(in folder: String) async throws -> Set<String> {
        let output = try await run(["find", ".", "-type", "f", "-printf", "%P\\n"], in: folder)
        return Set(output.split(separator: "\n").map(String.init))
    }
}

/// Whether a program is in the search path.
func isInstalled(_ program: String) -> Bool {
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    return path.split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
}
