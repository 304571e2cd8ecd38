import HeronState
import Synchronization
import ZooKeeperClient

/// The calls that are timed; the nodes are those that `run.py` makes.
protocol TimedCalls: Sendable {
    /// The node of a caller.
    func get(_ caller: Int) async throws
    func set(_ caller: Int) async throws
    /// A node that does not exist yet.
    func create(_ number: Int) async throws
    /// The names of 64 nodes.
    func children() async throws
    /// Sets eight nodes at once.
    func multi(_ caller: Int) async throws
}

/// What all calls write.
private let data = [UInt8](repeating: UInt8(ascii: "x"), count: 256)
private let callerLimit = 64
private let multiSize = 8

/// Times calls: `get|set|create|children|multi CALLERS COUNT`.
struct CallBench {
    private let calls: any TimedCalls

    private static let created = Atomic(0)

    init(_ calls: any TimedCalls) {
        self.calls = calls
    }

    func answer(_ command: Command) async throws -> String {
        let callers = try command.number(0)
        let each = try command.number(1) / callers
        guard callers <= callerLimit, each > 0 else { throw BenchError("1 to \(callerLimit) callers, a call for each") }
        let call = try call(command.name)
        let start = ContinuousClock.now
        var latencies = try await withThrowingTaskGroup(of: [Duration].self) { group in
            for caller in 0..<callers { group.addTask { try await Self.time(each, caller, call) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        latencies.sort()
        func percentile(_ percent: Int) -> Double { latencies[latencies.count * percent / 100] / .microseconds(1) }
        let rate = Double(latencies.count) / seconds
        return #"{"p50": \#(percentile(50)), "p99": \#(percentile(99)), "rate": \#(rate)}"#
    }

    private static func time(
        _ count: Int,
        _ caller: Int,
        _ call: (_ caller: Int) async throws -> Void
    ) async throws -> [Duration] {
        var latencies: [Duration] = []
        latencies.reserveCapacity(count)
        for _ in 0..<count {
            let start = ContinuousClock.now
            try await call(caller)
            latencies.append(ContinuousClock.now - start)
        }
        return latencies
    }

    private func call(_ name: String) throws -> @Sendable (_ caller: Int) async throws -> Void {
        let calls = calls
        return switch name {
        case "get": { try await calls.get($0) }
        case "set": { try await calls.set($0) }
        case "create": { _ in try await calls.create(Self.created.add(1, ordering: .relaxed).oldValue) }
        case "children": { _ in try await calls.children() }
        case "multi": { try await calls.multi($0) }
        default: throw BenchError("no command \(name)")
        }
    }
}

/// The calls of the client.
struct ClientCalls: TimedCalls {
    private let client: ZooKeeperClient
    private let root: String
    private let nodes: [String]

    init(_ client: ZooKeeperClient, root: String) {
        (self.client, self.root) = (client, root)
        nodes = (0..<callerLimit).map { "\(root)/topologies/node-\($0)" }
    }

    private var deadline: ContinuousClock.Instant { .now + .seconds(60) }

    func get(_ caller: Int) async throws {
        guard try await client.get(nodes[caller], before: deadline) != nil else { throw BenchError("no node") }
    }

    func set(_ caller: Int) async throws {
        _ = try await client.set(nodes[caller], data, version: nil, before: deadline)
    }

    func create(_ number: Int) async throws {
        try await client.create("\(root)/executionstate/\(number)", data, isEphemeral: false, before: deadline)
    }

    func children() async throws {
        guard try await client.children("\(root)/pplans", before: deadline) != nil else { throw BenchError("no node") }
    }

    func multi(_ caller: Int) async throws {
        let operations: [ZooKeeperOperation] = (0..<multiSize).map {
            .set(nodes[(caller + $0) % callerLimit], data, version: nil)
        }
        try await client.multi(operations, before: deadline)
    }
}

/// The calls of the state manager.
struct StateCalls: TimedCalls {
    private let state: any StateManager
    private let nodes: [StatePath]

    init(_ state: any StateManager) throws {
        self.state = state
        nodes = try (0..<callerLimit).map { try StatePath(.topologies, "node-\($0)") }
    }

    func get(_ caller: Int) async throws {
        guard try await state.get(nodes[caller]) != nil else { throw BenchError("no node") }
    }

    func set(_ caller: Int) async throws {
        try await state.set(nodes[caller], data, version: nil)
    }

    func create(_ number: Int) async throws {
        try await state.create(StatePath(.executionstate, "\(number)"), data, .persistent)
    }

    func children() async throws {
        guard try await !state.children(StatePath(.pplans)).isEmpty else { throw BenchError("no node") }
    }

    func multi(_ caller: Int) async throws {
        try await state.multi((0..<multiSize).map { .set(nodes[(caller + $0) % callerLimit], data, version: nil) })
    }
}
