import ArgumentParser
import TopologyControl

struct SchedulerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scheduler",
        abstract: "Manages a topology's scheduler service.",
        subcommands: [SchedulerStartCommand.self]
    )
}

struct SchedulerStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Starts a scheduler service that is dead; it re-adopts what runs.",
        discussion: "With heron.scheduler.background: false the service stays in the foreground; Ctrl-C stops it only."
    )

    @OptionGroup var target: TopologyTarget

    func run() async throws {
        let command: ClusterCommand = try target.command()
        try await Interruption.cancelling { [target] in
            try await command.withTopology(target.topology) { topology, session in
                let service = try await SchedulerStart(topology, session).run()
                Console.info("Successfully started the scheduler of topology: \(topology.name)")
                if try !session.config.bool(.schedulerInBackground) { try await service.waitForEnd() }
            }
        }
    }
}
