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
        discussion: """
            It has to be started on the machine on which the topology was submitted. In the foreground, Ctrl-C and \
            SIGTERM stop the service only; the topology goes on.

            Examples:
              heron scheduler start local WordCount
              heron scheduler start mesos/ads/prod Clicks --foreground
            """
    )

    @OptionGroup var target: TopologyTarget
    @Flag(help: "Stay as long as the service runs, also where heron.scheduler.background is true.")
    var foreground = false

    func run() async throws {
        let command: ClusterCommand = try target.command()
        try await Interruption.cancelling { [target, foreground] in
            try await command.withTopology(target.topology) { topology, session in
                let stays: Bool = try foreground || !session.config.bool(.schedulerInBackground)
                let service = try await SchedulerStart(topology, session).run(foreground: stays)
                Console.info("Successfully started the scheduler of topology: \(topology.name)")
                if stays { try await service.waitForEnd() }
            }
        }
    }
}
