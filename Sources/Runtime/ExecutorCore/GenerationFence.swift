import FoundationEssentials
import HeronState
import Logging

/// Sees to it that of several executors of one container only the newest goes on.
///
/// A scheduler that replaces a container it cannot reach, because its machine is cut off, starts the replacement with a
/// greater generation in the environment variable ``variable``. Each executor holds an ephemeral node with its own; the
/// newer one puts its node in the place of the older one's, and the older one ends when it sees that. Of two that start
/// at the same time the newer one ends up with the node: it takes it back when the older one was a moment later.
struct GenerationFence {
    /// The environment variable with the generation: a number from 1, greater for each new start of the container.
    static let variable = "HERON_CONTAINER_GENERATION"

    /// How long to wait before a node that is gone is put back, and between attempts.
    private static let pause = Duration.seconds(1)

    private let topology: String
    private let path: StatePath
    private let holder: GenerationHolder
    private let data: [UInt8]
    private let state: any StateManager
    private let log: Logger

    init(
        _ holder: GenerationHolder,
        container: Int32,
        of topology: String,
        in state: any StateManager,
        log: Logger
    ) throws {
        self.topology = topology
        path = try StatePath(own: topology, "generations", "\(container)")
        self.holder = holder
        data = [UInt8](try JSONEncoder().encode(holder))
        self.state = state
        self.log = log
    }

    /// The generation in an environment; nil if there is none, which means that nobody fences.
    static func generation(in environment: [String: String]) throws -> Int64? {
        guard let text = environment[variable] else { return nil }
        guard let number = Int64(text), number > 0 else {
            throw ExecutorError("\(variable)='\(text)' is not a number from 1")
        }
        return number
    }

    /// Holds the node until the task is cancelled or the state manager closed, and returns nil then; or until this
    /// executor has to end. The node goes with the state manager.
    ///
    /// - Parameter whenHeld: called each time the node turns out to be held; nothing may run before the first time.
    func run(_ whenHeld: () -> Void) async -> Executor.End? {
        // An outage is worth one line, however long it takes.
        var isTold = false
        var wasHeld = false
        while !Task.isCancelled {
            do {
                for try await node in state.watch(path) {
                    if node?.data == data {
                        (isTold, wasHeld) = (false, true)
                        whenHeld()
                    } else if let end = try await settle(isGone: wasHeld && node == nil) {
                        return end
                    }
                }
                return nil
            } catch {
                if !isTold, !Task.isCancelled { log.warning("this container's generation: \(error); trying on") }
                isTold = true
            }
            try? await Task.sleep(for: GenerationFence.pause)
        }
        return nil
    }

    /// Takes the node that another has, or nobody; nil if that succeeds.
    private func settle(isGone: Bool) async throws -> Executor.End? {
        if isGone {
            // After a session was lost, the library creates the node again by itself.
            try await Task.sleep(for: GenerationFence.pause)
            guard try await isCurrent() else { return .topologyGone }
        }
        while true {
            do {
                guard let node = try await state.get(path) else {
                    try await state.create(path, data, .ephemeral)
                    return nil
                }
                if node.data == data { return nil }
                switch try await standing(of: GenerationHolder(node)) {
                case .older: try await replace(node)
                case .same: try await state.claim(path, data)
                case .newer(let other):
                    return .superseded("\(other) has replaced this one, which is generation \(holder.generation)")
                case .ofNewTopology: return .topologyGone
                }
                return nil
            } catch let error as StateError where [.nodeExists, .noNode, .badVersion].contains(error.code) {
                // Another was faster. Only one of the same generation lets no other through.
                guard let other = try await state.get(path).flatMap(GenerationHolder.init),
                    case .same = try await standing(of: other)
                else { continue }
                return .failed("\(other) lives already: \(error.message)")
            }
        }
    }

    /// How another holder of the node compares with this executor.
    private enum Standing {
        case older
        /// Generation and topology are the same, the executor is not.
        case same
        case newer(GenerationHolder)
        /// The topology was killed, and submitted again under its name.
        case ofNewTopology
    }

    private func standing(of other: GenerationHolder?) async throws -> Standing {
        guard let other else {
            // Not what an executor writes; nobody can rely on it.
            return .older
        }
        guard other.topologyID == holder.topologyID else { return try await isCurrent() ? .older : .ofNewTopology }
        if other.generation == holder.generation { return .same }
        return other.generation < holder.generation ? .older : .newer(other)
    }

    private func replace(_ node: StateNode) async throws {
        log.notice("taking the place of \(GenerationHolder(node).map { "\($0)" } ?? "an unknown holder")")
        try await state.multi([.delete(path, version: node.version), .create(path, data, .ephemeral)])
    }

    /// Whether this executor's topology is the one that has the name.
    private func isCurrent() async throws -> Bool {
        do {
            return try await state.topology(topology)?.id == holder.topologyID
        } catch let error as StateError where error.code == .corrupted {
            // A definition that cannot be read is no reason to end.
            return true
        }
    }
}

/// What an executor says of itself in its container's node `heron-swift/<topology>/generations/<container>`, as JSON.
struct GenerationHolder: Codable, Sendable, Hashable {
    let generation: Int64
    let topologyID: String
    let host: String
    /// Tells this executor from all others.
    let token: String

    enum CodingKeys: String, CodingKey {
        case generation, host, token
        case topologyID = "topology_id"
    }

    init(generation: Int64, topologyID: String, host: String) {
        (self.generation, self.topologyID, self.host) = (generation, topologyID, host)
        token = String(UInt64.random(in: .min ... .max), radix: 16)
    }

    /// Nil if the node is of another kind.
    init?(_ node: StateNode) {
        guard let holder = try? JSONDecoder().decode(GenerationHolder.self, from: Data(node.data)) else { return nil }
        self = holder
    }
}

extension GenerationHolder: CustomStringConvertible {
    var description: String { "generation \(generation) of this container on \(host)" }
}
