import ArgumentParser
import TopologyControl

struct KillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill",
        abstract: "Ends a topology and removes all that is left of it.",
        discussion: "Works also when the topology's scheduler is dead, and can be repeated."
    )

    @OptionGroup var target: TopologyTarget
    @Flag(help: "Remove its state even if its scheduler cannot end it; says what is left behind.") var force = false

    func run() async throws {
        try await target.command().withTopology(target.topology) { topology, session in
            for warning in try await TopologyKill(topology, session, force: force).run() { Console.warning(warning) }
            Console.info("Successfully kill topology: \(topology.name)")
        }
    }
}

/// The arguments of every command on one topology.
struct TopologyTarget: ParsableArguments {
    @Argument(help: ArgumentHelp("Where the topology is.", valueName: "cluster/[role]/[env]")) var cluster: String
    @Argument(help: ArgumentHelp("The topology.", valueName: "topology-name")) var topology: String
    @OptionGroup var options: ClusterOptions

    func command() throws -> ClusterCommand { try ClusterCommand(cluster, options) }
}
