import ArgumentParser
import TopologyControl

struct ActivateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate",
        abstract: "Lets a topology's spouts emit.",
        discussion: """
            Examples:
              heron activate local WordCount
            """
    )

    @OptionGroup var target: TopologyTarget

    func run() async throws {
        try await target.command().withTopology(target.topology) { topology, _ in
            report(try await TManagerClient(topology).activate(), topology.name, "activate", "active")
        }
    }
}

struct DeactivateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deactivate",
        abstract: "Stops a topology's spouts from emitting.",
        discussion: """
            Examples:
              heron deactivate local WordCount
            """
    )

    @OptionGroup var target: TopologyTarget

    func run() async throws {
        try await target.command().withTopology(target.topology) { topology, _ in
            report(try await TManagerClient(topology).deactivate(), topology.name, "deactivate", "deactivated")
        }
    }
}

private func report(_ outcome: TManagerClient.Outcome, _ topology: String, _ command: String, _ state: String) {
    if outcome == .alreadyThere { Console.warning("Topology '\(topology)' is \(state) already") }
    Console.info("Successfully \(command) topology: \(topology)")
}
