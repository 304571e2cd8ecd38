import ArgumentParser
import HeronConfig

/// The options of every command that works on a cluster.
struct ClusterOptions: ParsableArguments {
    @Option(
        name: .customLong("config-path"),
        help: ArgumentHelp("The directory with one sub-directory per cluster.", valueName: "path")
    )
    var configPath: String?
    @Option(
        name: .customLong("config-property"),
        help: ArgumentHelp("Overrides a configuration key; may be repeated.", valueName: "key=value")
    )
    var properties: [String] = []
    @Option(
        name: .customLong("service-url"),
        help: ArgumentHelp("An API server to work through; not supported yet.", valueName: "url")
    )
    var serviceURL: String?
    @Flag(help: "Say more.") var verbose = false
}
