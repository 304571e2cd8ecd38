import HeronConfig
import HeronModel
import Testing

@testable import ExecutorCommand

@Suite struct ExecutorCommandTests {
    private static let ports = Array(31_001...31_009)

    private func config(_ properties: [ConfigProperty] = []) throws -> Config {
        let root = CommandKeys(place: ClusterRoleEnviron(cluster: "local", role: "root", environ: "default"))
        let source = ClusterSource(workingDirectory: "\(repository)/conf/none", properties: properties, command: root)
        return try ConfigLoader(environment: UserEnvironment(home: "<home>", loginName: "root")).cluster(source)
            .cluster()
    }

    /// What Heron's local cluster says, as properties.
    private static let local: [ConfigProperty] = [
        ConfigProperty(key: "heron.statemgr.connection.string", value: "LOCALMODE"),
        ConfigProperty(key: "heron.statemgr.root.path", value: "${HOME}/.herondata/repository/state/${CLUSTER}"),
        ConfigProperty(key: "heron.directory.sandbox.java.home", value: "<java-home>"),
        ConfigProperty(key: "heron.topology.healthmgr.mode", value: "cluster"),
        ConfigProperty(key: "heron.topology.metricscachemgr.mode", value: "cluster"),
    ]

    @Test(.enabled(if: golden != nil, "HERON_GOLDEN is not set"))
    func heronsOwnArguments() throws {
        let golden = try #require(golden)
        let name = "MultiSpoutExclamationTopology"
        let topology = try Topology(serializedBytes: read("\(golden)/state/topologies.\(name).bin"))
        let plan = try PackingPlan(serializedBytes: read("\(golden)/state/packingplans.\(name).bin"))
        let command = try ExecutorCommand(
            config: config(Self.local),
            topology: topology,
            plan: plan,
            binaryFile: "x.jar"
        )
        let arguments = try command.arguments(container: 0, ports: ExecutorPorts(Self.ports))
        let text = String(decoding: try read("\(golden)/executor-arguments.txt"), as: UTF8.self)
        let expected = text.split(separator: "\n").map(String.init)
        let actual = arguments.map { $0.contains("-port=") ? $0.prefix { $0 != "=" } + "=<port>" : $0 }
        #expect(command.executable == "./heron-core/bin/heron-executor")
        #expect(actual.map(inNoOrder) == expected.map(inNoOrder))
    }

    /// Heron's component map is in the order of a Java hash map.
    private func inNoOrder(_ argument: String) -> [String] {
        let map = "--component-ram-map="
        return argument.hasPrefix(map)
            ? argument.dropFirst(map.count).split(separator: ",").map(String.init).sorted() : [argument]
    }

    private func topology(_ settings: [String: String] = [:]) -> Topology {
        var topology = Topology()
        topology.name = "WC"
        topology.id = "WC1"
        topology.topologyConfig.kvs = settings.map { key, value in
            var pair = TopologyConfig.KeyValue()
            pair.key = key
            pair.value = value
            return pair
        }
        return topology
    }

    private func plan(_ ram: [(String, Int64)]) -> PackingPlan {
        var plan = PackingPlan()
        plan.id = "WC1"
        plan.containerPlans = ram.map { component, bytes in
            var instance = InstancePlan()
            instance.componentName = component
            instance.resource.ram = bytes
            var container = ContainerPlan()
            container.instancePlans = [instance]
            return container
        }
        return plan
    }

    private func arguments(_ settings: [String: String], file: String, _ more: [ConfigProperty] = []) throws -> [String]
    {
        try ExecutorCommand(
            config: config(Self.local + more),
            topology: topology(settings),
            plan: plan([("word", 300), ("count", 200), ("word", 100)]),
            binaryFile: file
        ).arguments(container: nil, ports: ExecutorPorts(Self.ports, debugger: [41_000, 41_001]))
    }

    @Test func aPythonTopology() throws {
        let arguments = try arguments([:], file: "word_count.py")
        #expect(arguments.contains("--pkg-type=pex"))
        #expect(arguments.contains("--topology-binary-file=word_count.py"))
        #expect(arguments.contains("--classpath=libs/*:word_count.py.jar"))
        #expect(arguments.contains("--component-ram-map=count:200,word:100"))
        #expect(arguments.contains("--instance-jvm-opts=\"\""))
        #expect(!arguments.contains { $0.hasPrefix("--shard") })
        #expect(arguments.last == "--jvm-remote-debugger-ports=41000,41001")
        #expect(arguments.contains("--server-port=31001"))
        #expect(arguments.contains("--checkpoint-manager-port=31009"))
    }

    @Test func aStatefulTopology() throws {
        let settings = [
            "topology.reliability.mode": "EFFECTIVELY_ONCE", "topology.stateful.checkpointmanager.ram": "5",
            "topology.additional.classpath": "a:b", "topology.component.jvmopts": "{}",
        ]
        let more = [
            ConfigProperty(key: "heron.config.verbose_gc", value: true),
            ConfigProperty(key: "heron.statefulstorage.custom.classpath", value: "lib/mine.jar"),
        ]
        let arguments = try arguments(settings, file: "x.tar.gz", more)
        #expect(arguments.contains("--is-stateful=true"))
        #expect(arguments.contains("--checkpoint-manager-ram=5"))
        #expect(arguments.contains("--classpath=libs/*:x.jar:a:b"))
        #expect(arguments.contains("--component-jvm-opts=\"e30(61)\""))
        #expect(arguments[18] == "--verbose-gc")
        #expect(arguments.contains { $0.hasPrefix("--checkpoint-manager-classpath=") && $0.hasSuffix(":lib/mine.jar") })
    }

    @Test func whatCannotWork() throws {
        let bad = ["topology.stateful.checkpointmanager.ram": "much"]
        #expect(message { try arguments(bad, file: "x.jar") }.hasSuffix("must be a number of bytes, but is 'much'"))
        #expect(message { try arguments([:], file: "x.zip") }.hasPrefix("unknown type of topology file 'x.zip'"))
        #expect(throws: ExecutorCommandError("the packing plan WC1 has no instances")) {
            try ComponentRAM.text(plan([]))
        }
        #expect(throws: ExecutorCommandError("an executor needs 9 ports, got 8")) {
            try ExecutorPorts(Self.ports.dropLast())
        }
        #expect(throws: ExecutorCommandError("port 31001 is given twice")) {
            try ExecutorPorts(Self.ports, debugger: [31_001])
        }
        #expect(throws: ExecutorCommandError("0 is not a port number")) {
            try ExecutorPorts([0] + Self.ports.dropLast())
        }
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("\u{ff}\u{3ff}?>", "w7/Pvz8+"),
    ])
    func base64(_ text: String, _ expected: String) {
        #expect(Base64.encode(Array(text.utf8)) == expected)
    }
}
