import FoundationEssentials
import HeronState
import Logging
import Processes

/// Sees to it that a topology has at most one live scheduler.
///
/// An ephemeral node of its own, taken before the plugin is created and held until the end: the location in
/// `schedulers` is written only when the service can be reached, which is too late to keep a second one out.
public struct LiveServiceGuard: Sendable {
    private static let nodeName = "scheduler"

    /// Whether and by whom a topology's guard is held.
    public enum Holding: Sendable, Hashable {
        case free
        /// Its holder was on this machine and is dead, but its session has not ended yet.
        case leftBehind
        /// Its holder lives, or is on another machine.
        case taken
    }

    private let path: StatePath
    private let topology: String
    private let state: any StateManager
    private let data: [UInt8]

    /// How long to wait before a guard that is gone is taken again, and between attempts.
    private static let pause = Duration.seconds(1)

    /// Takes the guard, or throws ``SchedulingError`` if another live service has it.
    ///
    /// Waits for the node of a holder on another machine, which may be dead, as long as the state keeps such a node.
    public static func take(_ topology: String, _ state: any StateManager) async throws -> LiveServiceGuard {
        let path = try StatePath(own: topology, nodeName)
        let data = [UInt8](try JSONEncoder().encode(Holder.current()))
        if let holder = try await holder(at: path, state) { try await expectDead(holder, of: topology) }
        do {
            try await state.claim(path, data)
        } catch let error as StateError where error.code == .nodeExists {
            throw livesAlready(topology, try await Self.holder(at: path, state))
        }
        return LiveServiceGuard(path: path, topology: topology, state: state, data: data)
    }

    /// Whether a scheduler of the topology lives, be it that it is still starting or already ending.
    public static func holding(of topology: String, _ state: any StateManager) async throws -> Holding {
        let path = try StatePath(own: topology, nodeName)
        guard let node = try await state.get(path) else { return .free }
        return Holder(node).map { $0.isKnownToBeDead } ?? false ? .leftBehind : .taken
    }

    /// Returns why another scheduler decides now, as soon as one does; nil when the topology or the state manager is gone.
    ///
    /// A node that is merely gone, because somebody deleted it, is put back.
    public func loss(log: Logger) async throws -> String? {
        // An outage is worth one line, however long it takes.
        var isTold = false
        while true {
            do {
                for try await node in state.watch(path) {
                    isTold = false
                    if let node {
                        if node.data != data { return takenOver(Holder(node)) }
                    } else if try await !putBack() {
                        return nil
                    }
                }
                return nil
            } catch let error as StateError where error.code == .nodeExists {
                // Another was faster; the watch tells which.
                continue
            } catch let error as StateError where error.code != .closed {
                if !isTold { log.warning("cannot watch over this scheduler's node: \(error); trying on") }
                isTold = true
            }
            try await Task.sleep(for: LiveServiceGuard.pause)
        }
    }

    /// Gives the guard back; that the process ends does the same.
    public func release() async {
        // In a task of its own, so that the next scheduler need not wait although this task may be cancelled.
        await Task.detached {
            // A failure means that the session is over, and the node with it.
            guard let node = try? await state.get(path), node.data == data else { return }
            _ = try? await state.delete(path, version: node.version)
        }.value
    }

    /// False if the topology is gone, and the node with it.
    private func putBack() async throws -> Bool {
        // After a session was lost, the library creates the node again by itself.
        try await Task.sleep(for: LiveServiceGuard.pause)
        guard try await state.get(StatePath(.topologies, topology)) != nil else { return false }
        try await state.claim(path, data)
        return true
    }

    private func takenOver(_ holder: Holder?) -> String {
        "another scheduler of '\(topology)' has taken over" + (holder.map { ": \($0)" } ?? "")
    }

    /// Whoever has just been killed takes a moment to die.
    private static func expectDead(_ holder: Holder, of topology: String) async throws {
        let deadline: ContinuousClock.Instant = .now + .seconds(1)
        while holder.isKnownToLive {
            guard ContinuousClock.now < deadline else { throw livesAlready(topology, holder) }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private static func holder(at path: StatePath, _ state: any StateManager) async throws -> Holder? {
        try await state.get(path).flatMap(Holder.init)
    }

    private static func livesAlready(_ topology: String, _ holder: Holder?) -> SchedulingError {
        SchedulingError(
            "topology '\(topology)' has a live scheduler already" + (holder.map { " (\($0))" } ?? ""),
            hint: "nothing needs to be started; see: heron status"
        )
    }
}

/// What the guard's node says of its holder, as JSON.
private struct Holder: Codable, CustomStringConvertible {
    let host: String
    /// Nil where `/proc` is not mounted.
    let process: ProcessIdentity?
    /// Tells several guards that one process has taken one after the other apart.
    let token: String

    static func current() -> Holder {
        let token = String(UInt64.random(in: .min ... .max), radix: 16)
        return Holder(host: ServiceRecord.ownHost(), process: .current, token: token)
    }

    init(host: String, process: ProcessIdentity?, token: String) {
        (self.host, self.process, self.token) = (host, process, token)
    }

    /// Nil if the node is of another kind.
    init?(_ node: StateNode) {
        guard let holder = try? JSONDecoder().decode(Holder.self, from: Data(node.data)) else { return nil }
        self = holder
    }

    private var isOnThisHost: Bool { host == ServiceRecord.ownHost() }

    var isKnownToLive: Bool { isOnThisHost && process?.isAlive == true }

    var isKnownToBeDead: Bool { isOnThisHost && process?.isAlive == false }

    var description: String {
        process.map { "process \($0.processID) on \(host)" } ?? "on \(host)"
    }
}
