import ArgumentParser
import TopologyControl

struct RestartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart",
        abstract: "Restarts a topology's containers, or one of them.",
        discussion: """
            Examples:
              heron restart local WordCount
              heron restart local WordCount 1
            """
    )

    @OptionGroup var target: TopologyTarget
    @Argument(help: ArgumentHelp("The container to restart; -1 for all.", valueName: "container-id"))
    var container: Int32 = -1

    func validate() throws {
        guard container >= -1 else { throw ValidationError("container-id must be 0 or more, or -1 for all") }
    }

    func run() async throws {
        try await target.command().withTopology(target.topology) { topology, session in
            try await TopologyRestart(topology, session).run(container: container)
            let what: String = container == -1 ? "" : "container \(container) of "
            Console.info("Successfully restart \(what)topology: \(topology.name)")
        }
    }
}
