import Dispatch
import MesosProtocol
import Synchronization
import Testing

@testable import MesosAPI

/// A driver, and what it tells, for one task.
struct DriverHarness {
    let driver: MesosDriver
    private var events: AsyncStream<DriverEvent>.AsyncIterator
    private let lines: Lines

    /// What it has logged, without debug messages.
    var log: [String] { lines.all }

    init(_ options: MesosOptions) throws {
        let (stream, continuation) = AsyncStream.makeStream(of: DriverEvent.self)
        let lines = Lines()
        self.lines = lines
        events = stream.makeAsyncIterator()
        driver = try MesosDriver(
            options,
            log: { level, line in if level != .debug { lines.add(line) } },
            receive: { continuation.yield($0) }
        )
    }

    /// Connects to a master without pauses, runs a test, and closes the driver.
    static func use(
        _ address: String,
        _ change: (inout MesosOptions) -> Void = { _ in },
        _ body: (inout DriverHarness) async throws -> Void
    ) async throws {
        var harness = try DriverHarness(options(address, change))
        harness.driver.subscribe(subscribeCall())
        do { try await body(&harness) } catch {
            await harness.close()
            throw error
        }
        await harness.close()
    }

    static func options(
        _ address: String,
        _ change: (inout MesosOptions) -> Void = { _ in }
    ) throws -> MesosOptions {
        var options = MesosOptions(master: try MasterAddress(parsing: address))
        options.backoff.initial = .zero
        options.backoff.maximum = .milliseconds(5)
        // All tests at once can take the processors for longer than a connection usually may.
        options.connectTimeout = .seconds(60)
        change(&options)
        return options
    }

    func close() async {
        await blocking { [driver] in driver.close() }
    }

    mutating func next() async -> DriverEvent? {
        await events.next(isolation: nil)
    }

    mutating func expectSubscribed(sourceLocation: SourceLocation = #_sourceLocation) async {
        let event = await next()
        guard case .subscribed = event else {
            Issue.record("\(String(describing: event)) is not .subscribed", sourceLocation: sourceLocation)
            return
        }
    }

    /// The reason, if the next event tells the end of the subscription.
    mutating func disconnection() async -> String? {
        if case .disconnected(let reason) = await next() { reason } else { nil }
    }

    mutating func denial() async -> String? {
        if case .denied(let reason) = await next() { reason } else { nil }
    }

    /// The offer that the next event rescinds.
    mutating func rescinded() async -> String? {
        if case .event(let event) = await next() { event.rescind.offerID.value } else { nil }
    }

    /// Sends a call, and waits for what becomes of it.
    func outcome(of call: MesosCall) async -> CallOutcome {
        await withCheckedContinuation { continuation in
            driver.send(call) { continuation.resume(returning: $0) }
        }
    }
}

/// What was logged.
private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock(\.self) }

    func add(_ line: String) {
        lines.withLock { $0.append(line) }
    }
}

/// Runs what blocks outside of the tasks' threads, which the master needs.
func blocking<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        DispatchQueue(label: "blocking").async { continuation.resume(returning: work()) }
    }
}

/// Waits for a state that nobody tells.
func until(_ isSo: () -> Bool) async throws {
    while !isSo() { try await Task.sleep(for: .milliseconds(2)) }
}

func subscribeCall() -> MesosCall {
    var call = MesosCall()
    call.type = .subscribe
    call.subscribe.frameworkInfo.user = "u"
    call.subscribe.frameworkInfo.name = "n"
    return call
}

func call(_ type: MesosCall.TypeEnum, _ task: String = "") -> MesosCall {
    var call = MesosCall()
    call.type = type
    call.frameworkID.value = "framework-1"
    if !task.isEmpty { call.kill.taskID.value = task }
    return call
}
