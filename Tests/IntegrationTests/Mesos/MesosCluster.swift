import Glibc
import HTTPClient
import Processes
import Testing
import ZooKeeperTesting

/// A ZooKeeper server and a Mesos development cluster for one user's topologies.
final class MesosCluster: Sendable {
    let user: User
    let zooKeeper: ZooKeeperServer
    /// `host:port`.
    let master: String
    /// More options for every command, such as credentials.
    let more: [String]
    /// Whom the master lets in; nil if everybody.
    let principal: MesosPrincipal?
    private let process: ChildProcess

    /// Gives a cluster to a test; nothing of it is left behind.
    ///
    /// - Parameters:
    ///   - authenticates: whether the master lets only ``principal`` in.
    ///   - isElected: whether the master is to be found in ZooKeeper, at `/mesos`, too.
    static func use(
        agents: Int = 2,
        arguments: [String] = [],
        authenticates: Bool = false,
        isElected: Bool = false,
        options: (User) async throws -> [String] = { _ in [] },
        _ body: (MesosCluster) async throws -> Void
    ) async throws {
        try await ZooKeeperServer.use { server in
            try await User.use { user in
                let principal = authenticates ? try await MesosPrincipal(user) : nil
                let more = try await (principal?.options ?? []) + options(user)
                let election = isElected ? ["--zk", "zk://\(server.connection)/mesos"] : []
                let cluster = try await MesosCluster(user, server, agents, arguments + election, principal, more)
                do {
                    try await body(cluster)
                } catch {
                    await cluster.end()
                    throw error
                }
                let tasks = cluster.taskProcesses
                await cluster.end()
                #expect(tasks.isEmpty, "tasks are left behind: \(tasks)")
            }
        }
    }

    private init(
        _ user: User,
        _ zooKeeper: ZooKeeperServer,
        _ agents: Int,
        _ arguments: [String],
        _ principal: MesosPrincipal?,
        _ more: [String]
    ) async throws {
        self.user = user
        self.zooKeeper = zooKeeper
        self.more = more
        self.principal = principal
        let output = user.home + "/mesos.out"
        process = try ChildProcess.spawn(
            executable: try #require(Installation.home) + "/bin/heron-mesos-dev",
            arguments: ["--port", "0", "--work-dir", user.home + "/mesos"] + arguments
                + (principal.map { ["--credentials", $0.masterFile] } ?? [])
                + PortBlocks.choose(agents).flatMap { block in
                    let ports = "ports:[\(block.lowerBound)-\(block.upperBound)]"
                    return ["--agent", "resources=cpus:8;mem:16384;disk:20000;\(ports)"]
                },
            environment: ChildProcess.currentEnvironment(),
            newSession: true,
            stdout: .file(output),
            stderr: .file(user.home + "/mesos.err")
        )
        let process = process
        var lines: [Substring] = []
        try await eventually("the development cluster is ready") {
            try #require(process.exitStatus == nil, "heron-mesos-dev has ended")
            lines = String(decoding: user.contents(output), as: UTF8.self).split(separator: "\n")
            return lines.contains { $0.hasSuffix("ready") }
        }
        let line = try #require(lines.first { $0.contains("master at") })
        master = String(try #require(line.split(separator: "/").last))
    }

    private func end() async {
        await process.terminate(grace: .seconds(10))
    }

    /// What every command needs.
    var options: [String] {
        [
            "--config-property", "heron.mesos.master.uri=\(master)",
            "--config-property", "heron.statemgr.connection.string=\(zooKeeper.connection)",
            "--config-property", "heron.mesos.agent.lost.delay.ms=2000",
            "--config-property", "heron.mesos.task.restart.delay.ms=200",
        ] + more
    }

    static var place: String { "mesos/\(Login.name)" }

    /// Submits the counting topology and waits until it runs.
    func submit(_ name: String = "Counting", containers: Int = 1) async throws -> CountingTopology {
        try await CountingTopology.submit(
            user,
            name,
            containers: containers,
            bolts: containers,
            cluster: MesosCluster.place,
            clusterOptions: options
        )
    }

    /// Makes something go wrong; see docs/mesos-dev.md.
    func fault(_ json: String) async throws {
        let answer = try await request("POST", "/dev/faults", Array(json.utf8))
        try #require(answer.status == 200, "\(json): \(String(decoding: answer.body, as: UTF8.self))")
    }

    /// The master's `/state`, as text.
    func state() async throws -> String {
        String(decoding: try await request("GET", "/state", nil).body, as: UTF8.self)
    }

    /// The master's answer to an operator's call without arguments, as text.
    func ask(_ call: String) async throws -> String {
        let answer = try await request("POST", "/api/v1", Array(#"{"type":"\#(call)"}"#.utf8))
        try #require(answer.status == 200, "\(call): \(String(decoding: answer.body, as: UTF8.self))")
        return String(decoding: answer.body, as: UTF8.self)
    }

    private func request(_ method: String, _ path: String, _ body: [UInt8]?) async throws -> HTTPResponse {
        var headers = [("Content-Type", "application/json")]
        if let principal { headers.append(("Authorization", principal.authorization)) }
        return try await HTTPClient.request(
            method: method,
            url: "http://\(master)\(path)",
            headers: headers,
            body: body,
            timeout: .seconds(20),
            maxResponseBytes: 16 << 20
        )
    }

    /// Every process of a task: its id and command line.
    var taskProcesses: [(Int32, String)] {
        let sandboxes = Array("MESOS_SANDBOX=\(user.home)/mesos/".utf8)
        return ((try? ProcessStat.all()) ?? []).filter { !$0.isZombie }.compactMap { stat in
            let variables = user.contents("/proc/\(stat.processID)/environ").split(separator: 0)
            guard variables.contains(where: { $0.starts(with: sandboxes) }) else { return nil }
            let words = user.contents("/proc/\(stat.processID)/cmdline").split(separator: 0)
            return (stat.processID, words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " "))
        }
    }

    /// The executors that run, by their container.
    var executors: [Int: [Int32]] {
        var found: [Int: [Int32]] = [:]
        for (process, command) in taskProcesses where command.contains("heron-executor") {
            guard let shard = command.split(separator: " ").first(where: { $0.hasPrefix("--shard=") }),
                let container = Int(shard.dropFirst(8))
            else { continue }
            found[container, default: []].append(process)
        }
        return found
    }

    /// Waits until what the bolts have counted grows: in the newest sandboxes.
    func expectFlow(_ when: String) async throws {
        var seen: Set<Int> = [try await counted()]
        try await eventually("counts grow \(when)", within: .seconds(90)) {
            seen.insert(try await counted())
            return seen.count > 2
        }
    }

    private func counted() async throws -> Int {
        var sum = 0
        for file in try await user.files(below: "mesos", named: "*_counts_*.log.0") {
            let text = String(decoding: user.contents("\(user.home)/mesos/\(file)"), as: UTF8.self)
            let last = text.split(separator: "\n").last { $0.contains("count ") }
            sum += last.flatMap { $0.split(separator: " ").last }.flatMap { Int($0) } ?? 0
        }
        return sum
    }

    /// Kills a topology, and checks that neither a task nor a node nor a file nor a framework is left.
    func kill(_ topology: CountingTopology) async throws {
        let result = try await topology.heron("kill")
        #expect(result.status.isSuccess, "\(result)")
        try await expectNothing(of: topology)
    }

    func expectNothing(of topology: CountingTopology) async throws {
        try await eventually("every task has ended", within: .seconds(20)) { taskProcesses.isEmpty }
        try await eventually("every process has ended", within: .seconds(20)) { user.processes().isEmpty }
        let tree = try await stateTree()
        #expect(!tree.contains(topology.name), "state is left behind: \(tree)")
        #expect(try await user.files(below: ".herondata/topologies") == [], "files are left behind")
        #expect(try await user.files(below: "tmp") == [], "temporary files are left behind")
        let state = try await state()
        #expect(state.contains("\"frameworks\":[]"), "a framework is left behind")
    }

    /// The nodes of all topologies.
    func stateTree() async throws -> String {
        let tree = try await user.run(["state", "tree", "mesos"] + options)
        #expect(tree.status.isSuccess && tree.output.contains("topologies"), "\(tree)")
        return tree.output
    }
}
