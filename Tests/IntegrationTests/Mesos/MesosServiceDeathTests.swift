import Glibc
import Processes
import Testing
import ZooKeeperTesting

extension TopologyTests {
    /// The scheduler service killed at the steps of a launch and of a kill; or stopped, which is another thing.
    @Suite(.enabled(if: ZooKeeperServer.isInstalled, "\(ZooKeeperServer.missing)"), .timeLimit(.minutes(5)))
    struct MesosServiceDeathTests {
        /// Where a launch is held.
        enum LaunchStep: CaseIterable {
            /// The framework is registered; there are no offers.
            case registered
            /// Offers have come; ZooKeeper has not taken the launch into the ledger.
            case offered
            /// The tasks run; no update has come.
            case accepted
            /// One task starts, and the service knows. The other is in the ledger alone: calls wait for an answer.
            case updated
        }

        /// Where a kill is held.
        enum KillStep: CaseIterable {
            /// The ledger says that the framework is being killed; the master is away.
            case begun
            /// One of two tasks has been told to end.
            case killing
            /// Every task has ended; no update has come.
            case killed
            /// The framework is gone; TEARDOWN is not answered.
            case tornDown
        }

        @Test(arguments: zip(LaunchStep.allCases, KillStep.allCases))
        func theServiceMayDieAtEveryStep(of launch: LaunchStep, and kill: KillStep) async throws {
            try await MesosCluster.use { mesos in
                let topology = try await submit(mesos, dyingWhen: launch)
                try await mesos.expectOneEach("after a death when \(launch)")
                let executors = mesos.executors
                try await mesos.expectFlow("after a death when \(launch)")
                #expect(mesos.executors == executors, "containers were started anew")

                try await beginKill(topology, dyingWhen: kill, mesos)
                try await mesos.kill(topology)
            }
        }

        private func submit(_ mesos: MesosCluster, dyingWhen step: LaunchStep) async throws -> CountingTopology {
            switch step {
            case .registered, .offered: try await mesos.agents("disconnect")
            case .accepted: try await mesos.fault(#"{"fault":"drop-updates","count":100000}"#)
            case .updated: try await mesos.fault(#"{"fault":"delay-answer","call":"ACCEPT","seconds":60}"#)
            }
            let (topology, submission) = try await mesos.beginSubmission()
            switch step {
            case .registered: break
            case .offered:
                Glibc.kill(mesos.zooKeeper.processID, SIGSTOP)
                try await mesos.agents("return")
                try await eventually("there are offers") { try await mesos.state().contains(#""offers":[{"#) }
            case .accepted: try await mesos.expectOneEach("without a word of them")
            case .updated:
                try await mesos.expectStatus(topology, says: "TASK_STARTING", "of one task")
            }
            try await mesos.killService()
            switch step {
            case .registered: try await mesos.agents("return")
            case .offered: Glibc.kill(mesos.zooKeeper.processID, SIGCONT)
            case .accepted, .updated: try await mesos.fault(#"{"fault":"clear"}"#)
            }
            try await mesos.startService(topology)
            #expect(await submission.wait(for: .seconds(60)) == .exited(0))
            return topology
        }

        /// Leaves a kill that has failed, or a service that has ended everything.
        private func beginKill(
            _ topology: CountingTopology,
            dyingWhen step: KillStep,
            _ mesos: MesosCluster
        ) async throws {
            switch step {
            case .begun:
                try await mesos.takeMasterAway()
                try await mesos.expectStatus(topology, says: "DISCONNECTED", "without a master")
            case .killing: try await mesos.fault(#"{"fault":"delay-answer","call":"KILL","seconds":60}"#)
            case .killed: try await mesos.fault(#"{"fault":"drop-updates","count":100000}"#)
            case .tornDown: try await mesos.fault(#"{"fault":"delay-answer","call":"TEARDOWN","seconds":60}"#)
            }
            let command = try mesos.beginKill(topology)
            try await eventually("the topology is \(step)") {
                switch step {
                case .begun: try await mesos.ledger(topology).contains("KILLING")
                case .killing: mesos.executors.keys.sorted() == [1]
                case .killed: mesos.taskProcesses.isEmpty
                case .tornDown: try await mesos.state().contains(#""frameworks":[]"#)
                }
            }
            try await mesos.killService()
            try await mesos.expectFailure(command)
            switch step {
            case .begun: try await mesos.bringMasterBack()
            case .killing: try await finishByService(topology, mesos)
            case .killed, .tornDown: try await mesos.fault(#"{"fault":"clear"}"#)
            }
        }

        /// The next service goes on with the kill, and ends when nothing is left but the state.
        private func finishByService(_ topology: CountingTopology, _ mesos: MesosCluster) async throws {
            try await mesos.startService(topology)
            try await eventually("the service has ended") { mesos.user.processes("heron-scheduler").isEmpty }
            #expect(mesos.taskProcesses.isEmpty)
            #expect(try await mesos.state().contains(#""frameworks":[]"#))
            #expect(try await mesos.user.run(["list", topology.cluster] + mesos.options).output.contains("KILLING"))
        }

        @Test func ctrlCInTheForegroundEndsTheServiceAlone() async throws {
            try await MesosCluster.use { mesos in
                let (topology, submission) = try await mesos.beginSubmission([
                    "--config-property", "heron.scheduler.background=false",
                ])
                try await mesos.expectFlow("with the service in the foreground")
                let executors = mesos.executors
                #expect(submission.exitStatus == nil, "the command does not block on the service")
                // A terminal's Ctrl-C is for the service, too.
                #expect(Glibc.kill(-submission.processID, SIGINT) == 0)
                _ = await submission.wait()
                #expect(mesos.user.processes("heron-scheduler").isEmpty)
                try await mesos.expectFlow("after Ctrl-C")
                #expect(mesos.executors == executors, "containers were started anew")
                #expect(try await topology.heron("status").output.contains("dead"))
                // The configuration of its submission still says that it blocks.
                let next = try mesos.user.start(
                    ["scheduler", "start", topology.cluster, topology.name] + mesos.options
                )
                try await mesos.expectStatus(topology, says: "SUBSCRIBED", "with another service")
                try await expectNoSecondScheduler(topology, mesos)
                #expect(mesos.executors == executors)
                try await mesos.kill(topology)
                _ = await next.wait()
            }
        }

        /// A service that lives but cannot be reached is not taken for dead.
        private func expectNoSecondScheduler(_ topology: CountingTopology, _ mesos: MesosCluster) async throws {
            let service = try #require(mesos.user.processes("heron-scheduler").first)
            #expect(Glibc.kill(service, SIGSTOP) == 0)
            let start = ["scheduler", "start", topology.cluster, topology.name]
            async let started = mesos.user.run(start + mesos.options)
            let killed = try await topology.heron("kill")
            #expect(killed.status == .exited(1) && killed.error.contains("does not answer"), "\(killed)")
            let second = try await started
            #expect(second.status == .exited(1) && second.error.contains("lives already"), "\(second)")
            #expect(Glibc.kill(service, SIGCONT) == 0)
        }
    }
}
