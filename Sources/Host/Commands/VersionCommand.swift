import ArgumentParser
import HeronConfig

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Prints what this installation was built from."
    )

    @Argument(help: "Heron's client asks this cluster's API server; not supported.") var cluster: String?
    @Option(name: .customLong("service-url"), help: "The API server to ask; not supported.") var serviceURL: String?

    func run() throws {
        try ServerMode.refuse(serviceURL)
        if let cluster {
            throw CommandError(
                "version of cluster '\(cluster)': asking an API server is not supported; use: heron version"
            )
        }
        for (key, value) in try Installation.current().release() { print("\(key) : \(value)") }
    }
}
