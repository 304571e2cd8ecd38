import Glibc
import Testing
import ZooKeeperTesting

extension TopologyTests {
    /// Agents that cannot run the tasks at all.
    @Suite(.enabled(if: ZooKeeperServer.isInstalled, "\(ZooKeeperServer.missing)"), .timeLimit(.minutes(5)))
    struct MesosUnfitAgentTests {
        enum Lack: CaseIterable {
            /// The agents have no account of that name.
            case user
            /// The agents cannot fetch the core package.
            case package
        }

        /// Each container is tried on another agent first; the status says why, and where to look.
        @Test(arguments: Lack.allCases)
        func anotherAgentIsTried(lack: Lack) async throws {
            // Only root's agents run tasks as other users.
            if lack == .user, geteuid() != 0 { return }
            let core = ["--config-property", "heron.package.core.uri=http://127.0.0.1:1/heron-core.tar.gz"]
            try await MesosCluster.use(options: { _ in lack == .package ? core : [] }) { mesos in
                let topology = CountingTopology(
                    user: mesos.user,
                    name: "Counting",
                    cluster: lack == .user ? "mesos/heron-nobody" : MesosCluster.place,
                    clusterOptions: mesos.options
                )
                let result = try await mesos.user.run(
                    ["submit", topology.cluster, CountingTopology.file, "-", topology.name, "--no-wait"] + mesos.options
                )
                #expect(result.status.isSuccess, "\(result)")
                try await eventually("both containers were tried twice") {
                    let tried = try await launches(mesos)
                    return [0, 1].allSatisfy { container in tried.count { $0.container == container } > 1 }
                }
                try await mesos.expectStatus(topology, says: advice(lack), "of the agents that were tried")
                let status = try await topology.heron("status").output
                #expect(status.contains("/browse"), "no link to the sandbox in:\n\(status)")
                let tried = try await launches(mesos)
                for container in 0...1 {
                    let agents = tried.filter { $0.container == container && $0.attempt < 3 }.map(\.agent)
                    #expect(agents.count == 2 && agents[0] != agents[1], "\(tried)")
                }
                // A package may be there later, a user will not.
                if lack == .user { #expect(tried.count == 4, "\(tried)") }
                try await mesos.kill(topology)
            }
        }

        private func advice(_ lack: Lack) -> String {
            switch lack {
            case .user: "is there a user 'heron-nobody' on the agent?"
            // The sandbox's last words.
            case .package: "Failed to fetch 'http://127.0.0.1:1/heron-core.tar.gz'"
            }
        }

        private struct TaskLaunch {
            let container: Int
            let attempt: Int
            let agent: String
        }

        /// Every task that the master knows of.
        private func launches(_ mesos: MesosCluster) async throws -> [TaskLaunch] {
            let task = /-(\d+)-(\d+)","name":"[^"]*","framework_id":"[^"]*","executor_id":"[^"]*","slave_id":"([^"]*)"/
            return try await mesos.state().matches(of: task).compactMap { match in
                guard let container = Int(match.1), let attempt = Int(match.2) else { return nil }
                return TaskLaunch(container: container, attempt: attempt, agent: String(match.3))
            }
        }
    }
}
