import HeronModel
import Testing

@testable import ExecutorCore

@Suite struct CommandsTests {
    @Test func containerZeroHasTheTopologyManagerAndAShell() throws {
        let commands = try commands(["shard": "0"])
        #expect(commands.map(\.name) == ["heron-tmanager", "heron-shell-0"])
        #expect(
            commands[0].line
                == "./heron-core/bin/heron-tmanager --topology_name=Words --topology_id=Words1234"
                + " --zkhostportlist=LOCALMODE --zkroot=/state --myhost=box --server_port=1001 --controller_port=1002"
                + " --stats_port=1003 --config_file=./heron-conf/heron_internals.yaml"
                + " --override_config_file=./heron-conf/override.yaml"
                + " --metrics_sinks_yaml=./heron-conf/metrics_sinks.yaml --metricsmgr_port=1005 --ckptmgr_port=1009"
        )
        #expect(
            commands[1].arguments == ["--port=1004", "--log_file_prefix=logs/heron-shell-0.log", "--secret=Words1234"]
        )
        #expect(!commands[1].line.contains("Words1234"))
    }

    @Test func aDataContainerHasAStreamManagerAndItsInstances() throws {
        let commands = try commands(["metricscache-manager-mode": "Cluster"])
        #expect(
            commands.map(\.name) == ["stmgr-1", "heron-shell-1", "container_1_word_1", "container_1_count_2"]
        )
        #expect(
            commands[0].line
                == "./heron-core/bin/heron-stmgr --topology_name=Words --topology_id=Words1234"
                + " --topologydefn_file=Words.defn --zkhostportlist=LOCALMODE --zkroot=/state --stmgr_id=stmgr-1"
                + " --instance_ids=container_1_word_1,container_1_count_2 --myhost=box --data_port=1001"
                + " --local_data_port=1002 --metricsmgr_port=1005 --shell_port=1004"
                + " --config_file=./heron-conf/heron_internals.yaml --override_config_file=./heron-conf/override.yaml"
                + " --ckptmgr_port=1009 --ckptmgr_id=ckptmgr-1 --metricscachemgr_mode=cluster"
        )
        let instance =
            "./heron-core/bin/heron-python-instance --topology_name=Words --topology_id=Words1234"
            + " --instance_id=container_1_word_1 --component_name=word --task_id=1 --component_index=0"
            + " --stmgr_id=stmgr-1 --stmgr_port=1002 --metricsmgr_port=1005"
            + " --config_file=./heron-conf/heron_internals.yaml --override_config_file=./heron-conf/override.yaml"
        #expect(commands[2].line == "\(instance) --topology_pex=words.pex --max_ram=536870912")
        // Not in --component-ram-map: what the plan says.
        #expect(commands[3].arguments.last == "--max_ram=1073741824")
    }

    @Test func aNativeInstanceGetsAnAbsolutePath() throws {
        let instance = try #require(
            try commands(["pkg-type": "so", "topology-binary-file": "w.so"]).first { $0.name == "container_1_word_1" }
        )
        #expect(instance.executable == "./heron-core/bin/heron-cpp-instance")
        #expect(instance.arguments.last == "--topology_binary=/box/w.so")
    }

    @Test func aJavaInstanceIsStartedAsHeronDoes() throws {
        let changes = [
            "pkg-type": "jar", "jvm-remote-debugger-ports": "5001,5002", "instance-jvm-opts": "\"LVhh\"",
            "component-jvm-opts": "\"eyJkMjl5WkE9PSI6IkxWaGgiLCJZMjkxYm5RPSI6IkxWaGlJQzFZWXc9PSJ9\"",
        ]
        let commands = try commands(changes)
        let collector =
            "-XX:+UseG1GC -XX:+ParallelRefProcEnabled -XX:+UseStringDeduplication -XX:MaxGCPauseMillis=100"
            + " -XX:InitiatingHeapOccupancyPercent=30 -XX:ParallelGCThreads=4"
        #expect(
            commands[2].line
                == "/java/bin/java -Xmx320M -Xms320M -Xmn160M -XX:MaxMetaspaceSize=128M -XX:MetaspaceSize=128M"
                + " -XX:ReservedCodeCacheSize=64M -XX:+PrintCommandLineFlags -Djava.net.preferIPv4Stack=true"
                + " \(collector) -cp ./heron-core/lib/instance/*:words.jar"
                + " -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=5002 -Xa -Xa"
                + " org.apache.heron.instance.HeronInstance -topology_name Words -topology_id Words1234"
                + " -instance_id container_1_word_1 -component_name word -task_id 1 -component_index 0"
                + " -stmgr_id stmgr-1 -stmgr_port 1002 -metricsmgr_port 1005"
                + " -system_config_file ./heron-conf/heron_internals.yaml"
                + " -override_config_file ./heron-conf/override.yaml -remote_debugger_port 5002"
        )
        #expect(commands[3].arguments.suffix(2) == ["-remote_debugger_port", "5001"])
        #expect(commands[3].arguments.contains("-Xc"))
    }

    @Test func theVersionOfJavaDecidesAboutMemoryOptions() throws {
        func memory(_ version: Int) throws -> [String] {
            var facts = facts()
            facts.javaVersion = version
            let commands = try processes(try executorOptions(["pkg-type": "jar"]), facts)
            return try #require(commands.first { $0.name == "container_1_word_1" }).arguments
        }
        #expect(try memory(7)[2...4] == ["-Xmn160M", "-XX:MaxPermSize=128M", "-XX:PermSize=128M"])
        #expect(try memory(17)[1...2] == ["-Xms320M", "-XX:MaxMetaspaceSize=128M"])
    }

    @Test func daemonsRunWhereTheyArePresent() throws {
        let changes = [
            "shard": "0", "metricscache-manager-mode": "cluster", "health-manager-mode": "cluster",
            "is-stateful": "true",
        ]
        let all = try commands(changes, daemons: Set(Daemon.allCases), extra: ["--verbose-gc"])
        #expect(
            all.map(\.name) == [
                "heron-tmanager", "heron-metricscache", "heron-healthmgr", "metricsmgr-0", "ckptmgr-0", "heron-shell-0",
            ]
        )
        #expect(all[1].arguments[0] == "-Xmx1024M")
        #expect(
            all[1].line.contains(
                " -Xlog:gc*,safepoint=info:file=logs/gc.metricscache.log:tags,time,uptime,level:filecount=5,filesize=100M"
                    + " -cp ./heron-core/lib/metricscachemgr/* org.apache.heron.metricscachemgr.MetricsCacheManager"
                    + " --metricscache_id metricscache-0 --server_port 1007 --stats_port 1008 --topology_name Words"
                    + " --topology_id Words1234 --system_config_file ./heron-conf/heron_internals.yaml"
            )
        )
        #expect(
            all[2].line.contains(
                " -cp S:./heron-core/lib/healthmgr/* org.apache.heron.healthmgr.HealthManager --cluster"
            )
        )
        #expect(
            all[3].line.hasSuffix(
                " org.apache.heron.metricsmgr.MetricsManager --id=metricsmgr-0 --port=1005 --topology=Words --cluster=local"
                    + " --role=alice --environment=default --topology-id=Words1234"
                    + " --system-config-file=./heron-conf/heron_internals.yaml"
                    + " --override-config-file=./heron-conf/override.yaml"
                    + " --sink-config-file=./heron-conf/metrics_sinks.yaml"
            )
        )
        #expect(all[4].line.hasPrefix("/java/bin/java -Xms1024M -Xmx1024M -XX:+PrintCommandLineFlags "))
        #expect(
            all[4].line.hasSuffix(
                " org.apache.heron.ckptmgr.CheckpointManager -tWords -iWords1234 -cckptmgr-0 -p1009"
                    + " -f./heron-conf/stateful.yaml -o./heron-conf/override.yaml -g./heron-conf/heron_internals.yaml"
            )
        )
    }

    @Test func daemonsThatNobodyAskedForDoNotRun() throws {
        let zero = try commands(["shard": "0"], daemons: Set(Daemon.allCases))
        #expect(zero.map(\.name) == ["heron-tmanager", "metricsmgr-0", "heron-shell-0"])
        let one = try commands(
            ["metricscache-manager-mode": "cluster", "health-manager-mode": "cluster"],
            daemons: Set(Daemon.allCases)
        )
        #expect(one.map(\.name).prefix(3) == ["stmgr-1", "metricsmgr-1", "heron-shell-1"])
    }

    @Test func aContainerThatThePlanDoesNotNameHasAShell() throws {
        #expect(try commands(["shard": "7"]).map(\.name) == ["heron-shell"])
    }

    @Test func aPlanWithoutContainersWantsNothing() throws {
        let commands = try ContainerCommands(try executorOptions(["shard": "0"]), facts())
        #expect(try commands.processes(packingPlan([])).isEmpty)
    }

    @Test(arguments: ["a/b", "../x", "a\nb"])
    func aComponentThatCannotNameAFileIsRefused(_ name: String) throws {
        let commands = try ContainerCommands(try executorOptions(), facts())
        #expect(throws: ExecutorError.self) { try commands.processes(packingPlan([(1, [name])])) }
    }

    @Test func versionsOfJavaAreRead() {
        let cases: [(String, Int?)] = [("1.8.0_292\n", 8), ("17.0.2", 17), ("21", 21), ("1.7.0", 7), ("", nil)]
        for (text, version) in cases { #expect(parseJavaVersion(text) == version, "\(text)") }
    }

    private func facts(_ daemons: Set<Daemon> = []) -> ContainerFacts {
        ContainerFacts(
            host: "box",
            logDirectory: "logs",
            workingDirectory: "/box",
            daemons: daemons,
            javaHome: "/java"
        )
    }

    private func commands(
        _ changes: [String: String],
        daemons: Set<Daemon> = [],
        extra: [String] = []
    ) throws -> [ProcessCommand] {
        let options = try ExecutorOptions.parse(executorArguments(changes) + extra)
        return try processes(options, facts(daemons))
    }

    private func processes(_ options: ExecutorOptions, _ facts: ContainerFacts) throws -> [ProcessCommand] {
        try ContainerCommands(options, facts).processes(packingPlan([(1, ["word", "count"]), (2, ["count"])]))
    }
}
