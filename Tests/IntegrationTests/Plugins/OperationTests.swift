import FoundationEssentials
import Testing
import ZooKeeperTesting

extension TopologyTests {
    /// `heron plugin call`.
    @Suite struct OperationTests {
        private struct Port: Decodable {
            let container: Int
            let name: String
            let port: Int
            let state: String
        }

        private struct Agent: Decodable {
            let name: String
            let id: String
            let active: Bool
            let resources: String
        }

        @Test func thePortsOfALocalTopologyAreListed() async throws {
            try await User.use { user in
                let topology = try await CountingTopology.submit(user)
                let call = ["plugin", "call", "local", "ports", "--topology", topology.name]
                let result = try await user.run(call + ["--output", "json"])
                let ports = try JSONDecoder().decode([Port].self, from: Data(result.output.utf8))
                #expect(ports.count == 18, "\(result)")
                #expect(Set(ports.map(\.port)).count == 18 && ports.allSatisfy { $0.state == "running" })
                let server = try #require(ports.first { $0.container == 1 && $0.name == "server" })
                #expect(!user.processes("--server-port=\(server.port)").isEmpty)

                let table = try await user.run(call).output.split(separator: "\n")
                #expect(table.first?.split(separator: " ") == ["NAME", "CONTAINER", "PORT", "STATE"])
                #expect(table.count == 19)
                try await topology.kill()
            }
        }

        @Test func thePortsOfATopologyWithoutAServiceAreListed() async throws {
            try await User.use { user in
                let options = ["--config-property", "heron.scheduler.is.service=false"]
                let topology = try await CountingTopology.submit(user, options: options)
                let result = try await user.heron("plugin", "call", "local", "ports", "--topology", topology.name)
                #expect(result.output.contains("tmanager-ctl"), "\(result)")
                try await topology.kill()
            }
        }

        @Test(arguments: [
            (["local", "dance"], 1, "plugin local: there is no operation 'dance'; it has: ports"),
            (["locale", "ports"], 1, "there is no plugin 'locale'; installed are: "),
            (["local", "ports"], 2, "operation ports works on a topology: --topology is missing"),
            (["local", "ports", "--topology", "None"], 1, "Topology 'None' does not exist"),
            (
                ["local", "ports", "--topology", "None", "--size", "5"], 1,
                "there is no parameter --size; it takes none"
            ),
            (["local", "ports", "5", "--topology", "None"], 2, "'5' is not a parameter of ports"),
            (["mesos", "agents", "--topology", "None"], 2, "works on a cluster: leave --topology out"),
            (["mesos", "agents", "--cluster", "nowhere"], 1, "nowhere"),
            ([], 2, "the plugin's name is missing"),
        ])
        func wrongCallsAreOneLine(_ words: [String], _ code: Int32, _ message: String) async throws {
            try await User.use { user in
                let result = try await user.run(["plugin", "call"] + words)
                #expect(result.status == .exited(code), "\(result)")
                #expect(result.error.contains(message) && result.error.split(separator: "\n").count == 1, "\(result)")
            }
        }

        @Test func operationsExplainThemselves() async throws {
            try await User.use { user in
                let list = try await user.heron("plugin", "call", "mesos")
                #expect(list.output.contains("decline-all  topology  Declines every offer"), "\(list)")
                let help = try await user.heron("plugin", "call", "mesos", "offers", "--help")
                #expect(help.output.contains("USAGE: heron plugin call mesos offers [--cluster <cluster>] --topology"))
            }
        }

        @Test(.enabled(if: ZooKeeperServer.isInstalled, "\(ZooKeeperServer.missing)"))
        func theMesosPluginAsksTheMasterAndItsFramework() async throws {
            try await MesosCluster.use(isElected: true) { mesos in
                let topology = try await mesos.submit()
                let call = { (words: [String]) in
                    try await mesos.user.run(["plugin", "call", "mesos"] + words + mesos.options)
                }
                let onTopology = ["--topology", topology.name]
                for address in [mesos.master, "zk://\(mesos.zooKeeper.connection)/mesos"] {
                    let uri = ["--config-property", "heron.mesos.master.uri=\(address)"]
                    let result = try await mesos.user.run(
                        ["plugin", "call", "mesos", "agents", "--output", "json"] + uri
                    )
                    let agents = try JSONDecoder().decode([Agent].self, from: Data(result.output.utf8))
                    #expect(agents.count == 2 && agents.allSatisfy { $0.active && $0.resources.contains("cpus:8") })
                }
                let roles = try await call(["roles"])
                #expect(roles.output.hasPrefix("NAME  FRAMEWORKS  WEIGHT\n*     1"), "\(roles)")
                #expect(try await call(["reconcile"] + onTopology).output == "the master is asked about every task\n")
                #expect(try await call(["decline-all"] + onTopology).output == "no offer is held any more\n")
                #expect(try await call(["offers"] + onTopology).output == "[\n\n]\n")
                try await mesos.expectFlow("after operations")
                let nobody = ["--config-property", "heron.mesos.master.uri=127.0.0.1:1"]
                let unreachable = try await mesos.user.run(["plugin", "call", "mesos", "agents"] + nobody)
                #expect(unreachable.error.contains("plugin mesos: agents: cannot ask the master"), "\(unreachable)")
                try await mesos.kill(topology)
            }
        }
    }
}
