import Files
import Glibc
import Logging
import MesosProtocol
import Testing

@testable import MesosDevAgent

/// An agent with a work directory of its own, and what it tells.
final class AgentHarness {
    let agent: DevAgent
    let settings: AgentSettings
    private var messages: AsyncStream<AgentMessage>.Iterator

    private init(_ settings: AgentSettings) {
        var log = Logger(label: "test")
        log.logLevel = .critical
        let (stream, output) = AsyncStream.makeStream(of: AgentMessage.self)
        agent = DevAgent(settings: settings, log: log) { output.yield($0) }
        messages = stream.makeAsyncIterator()
        self.settings = settings
    }

    /// Runs a test with an agent that repeats no update unless the settings are changed; no process may be left.
    static func run(
        _ change: (inout AgentSettings) -> Void = { _ in },
        _ body: (AgentHarness) async throws -> Void
    ) async throws {
        let folder = try temporaryFolder()
        defer { try? removeTree(folder) }
        var settings = AgentSettings(workDirectory: "\(folder)/work", address: "127.0.0.9")
        settings.port = 5059
        settings.updateRetry = .seconds(600)
        change(&settings)
        let harness = AgentHarness(settings)
        do {
            try await body(harness)
        } catch {
            await harness.agent.close()
            throw error
        }
        await harness.agent.close()
        #expect(harness.processes.isEmpty)
    }

    static func temporaryFolder() throws -> String {
        var template = Array("/tmp/mesos-agent-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw FileError("create the folder", "/tmp", code: errno) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Beside the work directory.
    var folder: String { String(settings.workDirectory.dropLast("/work".count)) }

    /// How many processes of tasks there are, whatever the agent thinks.
    var processes: [Int32] {
        TaskProcesses(below: settings.workDirectory, leader: nil).members().map(\.processID)
    }

    // MARK: Commands

    static let framework = MesosFrameworkInfo.with {
        $0.id.value = "F-0001"
        $0.name = "test"
    }

    static func framework(_ capabilities: MesosFrameworkInfo.Capability.TypeEnum...) -> MesosFrameworkInfo {
        var info = framework
        info.capabilities = capabilities.map { type in .with { $0.type = type } }
        return info
    }

    static func task(_ id: String, _ script: String) -> MesosTaskInfo {
        .with {
            $0.name = id
            $0.taskID.value = id
            $0.agentID.value = "A-S0"
            $0.command.value = script
        }
    }

    func launch(
        _ script: String,
        id: String = "t",
        for framework: MesosFrameworkInfo = framework,
        _ change: (inout MesosTaskInfo) -> Void = { _ in }
    ) async {
        var task = Self.task(id, script)
        change(&task)
        await agent.launch(framework: framework, task: task)
    }

    func kill(_ id: String = "t", grace: Duration? = nil) async {
        let policy = grace.map { grace in
            MesosKillPolicy.with { $0.gracePeriod.nanoseconds = Int64(grace / .nanoseconds(1)) }
        }
        await agent.kill(framework: Self.framework.id, task: .with { $0.value = id }, policy: policy)
    }

    func acknowledge(_ status: MesosTaskStatus) async {
        await agent.acknowledge(framework: Self.framework.id, task: status.taskID, uuid: Array(status.uuid))
    }

    // MARK: What it tells

    func message() async throws -> AgentMessage { try #require(await messages.next()) }

    /// The next update, of whatever task.
    func update(acknowledging: Bool = true) async throws -> MesosTaskStatus {
        while true {
            guard case .update(_, let status) = try await message() else { continue }
            if acknowledging { await acknowledge(status) }
            return status
        }
    }

    /// The updates of a task alone on the agent, up to a state.
    @discardableResult
    func updates(to state: MesosTaskState) async throws -> [MesosTaskStatus] {
        var updates: [MesosTaskStatus] = []
        while updates.last?.state != state {
            updates.append(try await update())
            try #require(updates.count < 10, "\(updates.map(\.state))")
        }
        return updates
    }

    // MARK: Sandboxes

    /// The path of the latest sandbox of a task.
    func sandbox(_ id: String = "t") -> String {
        "\(settings.workDirectory)/slaves/A-S0/frameworks/F-0001/executors/\(id)/runs/latest"
    }

    func text(_ name: String, of id: String = "t") throws -> String { try Self.text("\(sandbox(id))/\(name)") }

    static func text(_ path: String) throws -> String {
        String(decoding: try File(reading: path).bytes(at: 0, count: 1 << 20), as: UTF8.self)
    }

    static func write(_ text: String, to path: String) throws {
        let file = try File(creating: path)
        try Array(text.utf8).withUnsafeBytes { try file.write($0) }
        try file.close()
    }
}

/// Waits until a condition holds, ten seconds at most.
func eventually(_ condition: () throws -> Bool) async rethrows -> Bool {
    let deadline = ContinuousClock.now + .seconds(60)
    while try !condition() {
        if ContinuousClock.now > deadline { return false }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return true
}
