import Glibc
import HTTPClient
import Processes
import Testing
import ZooKeeperTesting

extension TopologyTests {
    /// Topologies on a Mesos cluster that authenticates, with state that is for one ZooKeeper user alone.
    @Suite(.enabled(if: ZooKeeperServer.isInstalled, "\(ZooKeeperServer.missing)"), .timeLimit(.minutes(5)))
    struct MesosSecretsTests {
        private static let password = "hush-\(UInt64.random(in: 0...UInt64.max))"
        /// Of the ZooKeeper that knows the master.
        private static let masterPassword = "hush-\(UInt64.random(in: 0...UInt64.max))"

        private static func use(_ body: (MesosCluster, SecretSearch) async throws -> Void) async throws {
            try await MesosCluster.use(
                authenticates: true,
                isElected: true,
                options: { user in
                    try await user.shell("umask 077; echo 'alice:\(password)' >zookeeper.secret")
                    return [
                        "--verbose",
                        "--config-property", "heron.statemgr.zookeeper.auth.file=\(user.home)/zookeeper.secret",
                        "--config-property", "heron.mesos.master.uri=file://\(user.home)/master.secret",
                    ]
                },
                { mesos in
                    let address = "zk://bob:\(masterPassword)@\(mesos.zooKeeper.connection)/mesos"
                    try await mesos.user.shell("umask 077; echo \(address) >master.secret")
                    let principal = try #require(mesos.principal)
                    try await body(mesos, SecretSearch(secrets: principal.secrets + [password, masterPassword]))
                }
            )
        }

        @Test func areNowhereButInTheFilesMeantForThem() async throws {
            try await Self.use { mesos, search in
                let topology = try await Self.submit(mesos, search)
                try await Self.expectSilence(of: mesos, topology, search)
                try await Self.expectSealedFiles(of: mesos, topology, search)
                try await Self.expectCleanPackages(of: mesos, topology, search)
                try await Self.expectUsedUpAddresses(of: mesos)
                try await mesos.kill(topology)
                let left = try await search.files(below: mesos.user.home + "/.herondata")
                #expect(left == [], "left behind by kill")
            }
        }

        private static func submit(_ mesos: MesosCluster, _ search: SecretSearch) async throws -> CountingTopology {
            let submitted = try await mesos.user.run(
                ["submit", MesosCluster.place, CountingTopology.file, "-", "Counting"] + mesos.options
            )
            try #require(submitted.status.isSuccess, "\(submitted)")
            #expect(!search.finds(in: "\(submitted)"))
            try await mesos.expectFlow("after submit")
            return CountingTopology(
                user: mesos.user,
                name: "Counting",
                cluster: MesosCluster.place,
                clusterOptions: mesos.options
            )
        }

        /// What is said to everybody: command lines, environments, answers of commands and of Mesos.
        private static func expectSilence(
            of mesos: MesosCluster,
            _ topology: CountingTopology,
            _ search: SecretSearch
        ) async throws {
            #expect(search.processes(mesos.user) == [])
            // The search would find them.
            for (argument, value) in [(search.secrets[0], ""), ("", search.secrets[2])] {
                let loud = try ChildProcess.spawn(
                    executable: "sh",
                    arguments: ["-c", "kill -STOP $$", argument],
                    environment: ["PATH": "/usr/bin:/bin", "SECRET": value],
                    newSession: true
                )
                // The kernel shows them some microseconds after the process has begun.
                try await eventually("what \(loud.processID) says is found", within: .seconds(10)) {
                    search.processes(mesos.user) == [loud.processID]
                }
                await loud.terminate(grace: .zero)
            }

            for command in [["status"], ["status", "--output", "json"], ["list"]] {
                let name = command == ["list"] ? [] : [topology.name]
                let told = try await mesos.user.run(
                    [command[0], topology.cluster] + name + command.dropFirst() + mesos.options
                )
                #expect(told.status.isSuccess && told.output.contains("Counting") && !search.finds(in: "\(told)"))
            }
            for answer in [
                try await mesos.state(), try await mesos.ask("GET_STATE"), try await mesos.ask("GET_TASKS"),
                try await mesos.ask("GET_FRAMEWORKS"),
            ] {
                #expect(answer.contains("Counting") || answer.contains("heron_scheduler_Counting"))
                #expect(!search.finds(in: answer))
            }
        }

        /// Files: only those that the user has written, and one in each container's sandbox and in the scheduler's.
        private static func expectSealedFiles(
            of mesos: MesosCluster,
            _ topology: CountingTopology,
            _ search: SecretSearch
        ) async throws {
            let home = mesos.user.home
            let principal = try #require(mesos.principal)
            let found = try await search.files(below: home)
            let own: Set<String> = [
                principal.secretFile, principal.authorizationFile, principal.masterFile, home + "/zookeeper.secret",
                home + "/master.secret",
                "\(home)/.herondata/topologies/\(topology.cluster)/Counting/.zookeeper-auth",
            ]
            let sandboxes = found.subtracting(own)
            #expect(found.isSuperset(of: own))
            #expect(sandboxes.count == 2, "one for each container")
            #expect(sandboxes.allSatisfy { $0.hasPrefix(home + "/mesos/") && $0.hasSuffix("/.zookeeper-auth") })
            for path in found {
                var status = stat()
                #expect(lstat(path, &status) == 0 && status.st_mode == S_IFREG | 0o600, "\(path)")
            }
            #expect(
                try await SecretSearch(secrets: principal.secrets + [masterPassword]).files(below: home + "/mesos")
                    == []
            )
        }

        /// What travels, and the state itself: in ZooKeeper's files every node can be read.
        private static func expectCleanPackages(
            of mesos: MesosCluster,
            _ topology: CountingTopology,
            _ search: SecretSearch
        ) async throws {
            let folder = ".herondata/topologies/\(topology.cluster)/Counting"
            let packages = try await mesos.user.files(below: folder, named: "topology.tar.gz")
            let package = "\(mesos.user.home)/\(folder)/\(try #require(packages.first))"
            #expect(try await SecretSearch(secrets: ["heron.mesos.framework.secret.file"]).finds(inArchive: package))
            #expect(try await !search.finds(inArchive: package))

            let data = "/proc/\(mesos.zooKeeper.processID)/cwd/"
            #expect(try await !SecretSearch(secrets: [topology.name]).files(below: data).isEmpty)
            #expect(try await search.files(below: data) == [])
        }

        /// The addresses that credentials came from can be read in the sandboxes, and are of no use to anybody.
        private static func expectUsedUpAddresses(of mesos: MesosCluster) async throws {
            var addresses: Set<Substring> = []
            for file in try await mesos.user.files(below: "mesos", named: "stderr") {
                let text = String(decoding: mesos.user.contents("\(mesos.user.home)/mesos/\(file)"), as: UTF8.self)
                for match in text.matches(of: #/http://[^' ]*/once/[^' ]*/#) { addresses.insert(match.output) }
            }
            #expect(addresses.count == 2, "one for each container")
            for address in addresses {
                let answer = try await HTTPClient.request(
                    method: "GET",
                    url: String(address),
                    timeout: .seconds(10),
                    maxResponseBytes: 1 << 16
                )
                #expect(answer.status == 404, "\(answer)")
            }
        }

        /// With a principal and its secret, then with a header's whole value.
        @Test(arguments: [false, true])
        func areEnoughFromSubmitToKill(asHeader: Bool) async throws {
            try await MesosCluster.use(agents: 1, authenticates: true) { mesos in
                let principal = try #require(mesos.principal)
                let options = mesos.options + (asHeader ? principal.authorizationOptions : [])
                let topology = try await CountingTopology.submit(
                    mesos.user,
                    cluster: MesosCluster.place,
                    clusterOptions: options
                )
                try await mesos.expectFlow("after submit")
                let status = try await topology.heron("status")
                #expect(status.output.contains("SUBSCRIBED") && status.output.contains("TASK_RUNNING"), "\(status)")
                // Whoever brings the scheduler back brings their own.
                try await killService(mesos)
                let start = ["scheduler", "start", topology.cluster, topology.name]
                let started = try await mesos.user.run(start + options)
                #expect(started.status.isSuccess, "\(started)")
                #expect(try await topology.heron("status").output.contains("SUBSCRIBED"))
                try await mesos.kill(topology)
            }
        }

        /// A command in the place of a dead scheduler is let in, or says why it is not.
        @Test func areNeededByACommandThatTakesTheSchedulersPlace() async throws {
            let short = ["--config-property", "heron.statemgr.zookeeper.session.timeout.ms=5000"]
            try await MesosCluster.use(agents: 1, authenticates: true, options: { _ in short }) { mesos in
                let topology = try await mesos.submit()
                try await killService(mesos)
                try await mesos.user.shell("umask 077; echo hush >mesos.secret.new; mv mesos.secret mesos.secret.old")
                try await mesos.user.shell("mv mesos.secret.new mesos.secret")
                let refused = try await topology.heron("kill")
                #expect(refused.status == .exited(1), "\(refused)")
                mesos.user.checkErrorLine(
                    of: refused,
                    ["it does not take the credentials (401)", "its tasks are kept", "see heron.mesos.framework.*"],
                    #_sourceLocation
                )
                #expect(mesos.executors.count == 2)
                try await mesos.user.shell("mv mesos.secret.old mesos.secret")
                // Until the dead service's session ends its address stands, and may be taken for that of a live one.
                try await eventually("the kill is repeated") { try await topology.heron("kill").status.isSuccess }
                try await mesos.expectNothing(of: topology)
            }
        }

        private func killService(_ mesos: MesosCluster) async throws {
            for process in mesos.user.processes("heron-scheduler") { kill(process, SIGKILL) }
            try await eventually("the service is dead") { mesos.user.processes("heron-scheduler").isEmpty }
        }
    }
}
