import ArgumentParser
import Processes
import TopologyControl

struct KillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill",
        abstract: "Ends a topology and removes all that is left of it.",
        discussion: """
            Works also when the topology's scheduler is dead, and can be repeated.

            Examples:
              heron kill local WordCount
              heron kill mesos/ads/prod Clicks --force
            """
    )

    @OptionGroup var target: TopologyTarget
    @Flag(help: "Remove its state even if its scheduler cannot end it; says what is left behind.") var force = false

    func run() async throws {
        try await target.command().withTopology(target.topology) { topology, session in
            let kill = TopologyKill(topology, session)
            if force {
                guard let reason: String = try await attempt() else { return }
                try await kill.giveUp(because: reason).forEach(Console.warning)
            } else {
                try await kill.run().forEach(Console.warning)
            }
            Console.info("Successfully kill topology: \(topology.name)")
        }
    }

    /// Tries the same without force, in a process of its own: a plugin may crash there. Nil if it succeeded, else why not.
    private func attempt() async throws -> String? {
        let finished = try await ChildProcess.runToCompletion(
            executable: "/proc/self/exe",
            arguments: Arguments.rewritten(CommandLine.arguments.dropFirst()).filter { $0 != "--force" },
            environment: ChildProcess.currentEnvironment(),
            timeLimit: .seconds(900)
        )
        let lines = String(decoding: finished.error, as: UTF8.self).split(separator: "\n").map(String.init)
        guard !finished.status.isSuccess else {
            lines.forEach(Console.plain)
            return nil
        }
        // The reason is the last word; a crash has none but how it ended.
        lines.dropLast().forEach(Console.plain)
        return TopologyKill.reason(in: lines.last ?? "the command \(finished.status)", of: target.topology)
    }
}

/// The arguments of every command on one topology.
struct TopologyTarget: ParsableArguments {
    @Argument(help: ArgumentHelp("Where the topology is.", valueName: "cluster/[role]/[env]")) var cluster: String
    @Argument(help: ArgumentHelp("The topology.", valueName: "topology-name")) var topology: String
    @OptionGroup var options: ClusterOptions

    func command() throws -> ClusterCommand { try ClusterCommand(cluster, options) }
}
