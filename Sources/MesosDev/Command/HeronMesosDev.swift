import ArgumentParser
import HeronLogging
import Logging
import MesosDevMaster

/// The development cluster's command.
@main
struct HeronMesosDev: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heron-mesos-dev",
        abstract: "A stand-in for Apache Mesos on one machine: a master and agents in one process.",
        discussion: """
            For development and tests of frameworks; not for production. It speaks Mesos's v1 scheduler API in JSON and \
            protobuf, as strictly as a master, and runs real tasks. What it does not simulate:

              - executors of frameworks, task groups, containers and images, health checks, limits
              - persistent volumes, operations with feedback, quota, weights, fault domains
              - isolation: tasks share the machine, and may use more than they asked for
              - operator calls in protobuf, and the operator's event stream
              - a registry: every start is a new master with a new id

            docs/mesos-dev.md has the whole list, and the fault switches of POST /dev/faults.
            """
    )

    @Option(help: "The master's port; 0 for a free one.") var port = 5050
    @Option(help: "The IPv4 address that the master listens on.") var address = "127.0.0.1"
    @Option(help: "The folder of the agents' sandboxes.") var workDir = "/tmp/heron-mesos-dev"
    @Option(help: "How many agents to run, if no --agent says.") var agents = 1
    @Option(
        name: .customLong("agent"),
        help: "An agent: 'hostname=…;attributes=…;resources=…', each may be left out. May be repeated."
    )
    var agentTexts: [String] = []
    @Option(help: "Resources of each agent: 'cpus:8;mem:16384;disk:20000;ports:[31000-31999]'.") var resources: String?
    @Option(help: "Attributes of each agent: 'rack:r1;zone:z'.") var attributes: String?
    @Option(help: "Seconds between two heartbeats.") var heartbeat = 15.0
    @Option(help: "Seconds until a disconnected agent is unreachable.") var agentTimeout = 75.0
    @Option(help: "Seconds until an offer is rescinded; never if not given.") var offerTimeout: Double?
    @Option(help: "A JSON file of principals and secrets; everybody may do everything if not given.")
    var credentials: String?
    @Option(help: "The only roles that frameworks may have, separated by commas.") var roles: String?
    @Option(help: "Elect a leader in ZooKeeper: zk://host:port/path.") var zk: String?
    @Option(help: "Seconds until ZooKeeper takes a master for dead.") var zkSessionTimeout = 10.0
    @Flag(help: "Log more.") var verbose = false

    func run() async throws {
        try HeronLogging.bootstrap(level: verbose ? .debug : .info)
        let log = Logger(label: "heron-mesos-dev")
        do {
            try await DevelopmentCluster(try options(), log: log).runUntilSignal()
        } catch {
            log.error("\(error)")
            throw ExitCode(1)
        }
    }
}
