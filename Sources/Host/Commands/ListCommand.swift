import ArgumentParser
import HeronConfig
import TopologyControl

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the topologies of a cluster.",
        discussion: """
            Examples:
              heron list local
              heron list mesos/ads/prod --output json
            """
    )

    @Argument(
        help: ArgumentHelp("Which topologies; all roles and environs unless given.", valueName: "cluster/[role]/[env]")
    )
    var cluster: String
    @OptionGroup var options: ClusterOptions
    @Option(help: "How to print it.") var output: OutputFormat = .text

    func run() async throws {
        try await ClusterCommand(cluster, options).withSession { session in
            let topologies: [TopologySummary] = try await TopologySummary.all(session.state, at: session.address)
            for problem in topologies.flatMap({ $0.problems ?? [] }) { Console.warning(problem) }
            if output == .json { return try JSONOutput.write(topologies) }
            var table = TextTable("NAME", "ROLE", "ENVIRON", "STATE", "USER", "SUBMITTED")
            for topology in topologies {
                table.add(
                    topology.name,
                    topology.role ?? "",
                    topology.environ ?? "",
                    topology.state,
                    topology.user ?? "",
                    topology.submitted.map(LocalTime.text) ?? ""
                )
            }
            print(table.text)
        }
    }
}
