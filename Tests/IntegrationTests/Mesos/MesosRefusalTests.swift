import Testing
import ZooKeeperTesting

extension TopologyTests {
    /// What a Mesos cluster does not give: nothing of a topology stays there, nor anywhere else.
    @Suite(.enabled(if: ZooKeeperServer.isInstalled, "\(ZooKeeperServer.missing)"), .timeLimit(.minutes(2)))
    struct MesosRefusalTests {
        /// Its master authenticates, has one role, and an agent that is another machine.
        @Test func whoMayNotRunIsToldWhy() async throws {
            let elsewhere = "hostname=agent.invalid;resources=cpus:1;mem:512;disk:1000"
            try await MesosCluster.use(
                agents: 1,
                arguments: ["--roles", "*", "--agent", elsewhere],
                authenticates: true
            ) { mesos in
                try await mesos.user.shell("umask 077; echo hush >wrong")
                let secretFile = "heron.mesos.framework.secret.file"
                for (properties, reason) in [
                    (
                        ["heron.mesos.framework.principal=", "\(secretFile)="],
                        "it wants credentials (401): 401 Unauthorized.; see heron.mesos.framework.*"
                    ),
                    (
                        ["\(secretFile)=\(mesos.user.home)/wrong"],
                        "it does not take the credentials (401): 401 Unauthorized.; see heron.mesos.framework.*"
                    ),
                    (
                        ["heron.mesos.framework.principal=stranger"],
                        "it does not take the credentials (401): 401 Unauthorized.; see heron.mesos.framework.*"
                    ),
                    (
                        ["heron.mesos.framework.role=gold"],
                        "Not authorized to register framework with roles { gold }; see heron.mesos.framework.*"
                    ),
                    (
                        ["heron.mesos.framework.role=-gold"],
                        "is invalid because it starts with a dash; see heron.mesos.framework.*"
                    ),
                    (
                        ["heron.mesos.master.uri=https://\(mesos.master)"],
                        "within 1.0 s (the connection to \(mesos.master) broke: OpenSSL"
                    ),
                    (
                        ["heron.class.uploader=org.apache.heron.uploader.localfs.LocalFileSystemUploader"],
                        "is a file of this machine, but the agent agent.invalid is another one; set heron.class.uploader"
                    ),
                ] {
                    try await expectRefusal(mesos, properties, reason)
                }
            }
        }

        private func expectRefusal(_ mesos: MesosCluster, _ properties: [String], _ reason: String) async throws {
            let short = ["heron.mesos.framework.staging.timeout.ms=1000"]
            let result = try await mesos.user.expectFailure(
                ["submit", MesosCluster.place, CountingTopology.file, "-", "Counting"] + mesos.options
                    + (short + properties).flatMap { ["--config-property", $0] },
                says: [reason]
            )
            for secret in try #require(mesos.principal).secrets + ["hush"] {
                #expect(!"\(result)".contains(secret))
            }
            try await mesos.expectNothing(of: CountingTopology(user: mesos.user, name: "Counting", cluster: "mesos"))
        }

        /// The topology stays pending until somebody adds resources or kills it.
        @Test func whatNoAgentHasIsToldAsLongAsItIsWaitedFor() async throws {
            try await MesosCluster.use(agents: 1) { mesos in
                let topology = CountingTopology(
                    user: mesos.user,
                    name: "Counting",
                    cluster: MesosCluster.place,
                    clusterOptions: mesos.options
                )
                let greedy = ["--config-property", "heron.mesos.tmanager.cpus=1000.5"]
                let submitted = try await mesos.user.run(
                    ["submit", MesosCluster.place, CountingTopology.file, "-", topology.name, "--timeout", "3"]
                        + mesos.options + greedy
                )
                #expect(submitted.status == .exited(3), "\(submitted)")
                let lacks = "(needs 1000.5, offered"
                let warning = submitted.error.split(separator: "\n").last ?? ""
                #expect(warning.hasPrefix("warning: the topology was submitted and is pending"), "\(submitted)")
                #expect(warning.contains("container 0 is pending (no offer suits it:") && warning.contains(lacks))

                try await eventually("the other container runs") { mesos.executors[1]?.count == 1 }
                let status = try await topology.heron("status").output
                for text in ["state      PENDING", "no offer suits it:", "cpus \(lacks)"] {
                    #expect(status.contains(text), "no '\(text)' in:\n\(status)")
                }
                #expect(mesos.executors[0] == nil)
                try await mesos.kill(topology)
            }
        }
    }
}
