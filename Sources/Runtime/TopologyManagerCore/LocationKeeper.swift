import HeronModel
import HeronState
import Logging

/// Keeps this manager's location in the state: an ephemeral node, at which everybody finds it.
///
/// The node is also what keeps a second manager of the same topology out.
struct LocationKeeper {
    let state: any StateManager
    let location: TManagerLocation
    /// How long to wait at least for the node of another manager to go; the state manager knows how long that of a dead
    /// one may stand.
    let patience: Duration
    /// How long to wait before the state is asked again.
    let interval: Duration
    let log: Logger

    /// Where the node stands.
    var path: StatePath { get throws { try StatePath(.tmanagers, location.topologyName) } }

    /// Creates the node. Throws ``TopologyManagerError`` if another manager holds it to the end.
    ///
    /// A state that cannot be reached is waited for: to end would not bring it back.
    func advertise() async throws {
        let data: [UInt8] = try location.serializedBytes()
        var isTold = false
        while true {
            do {
                return try await state.claim(path, data, patience: patience)
            } catch let error as StateError where error.code == .nodeExists {
                throw failure(error)
            } catch let error as StateError where error.code != .closed {
                if !isTold { log.error("cannot advertise the location yet: \(error); trying on") }
                isTold = true
            }
            try await Task.sleep(for: interval)
        }
    }

    /// Takes note of the node as it is now.
    ///
    /// `heron restart` deletes it by hand, and Heron's manager ends itself then. This one puts it back, as long as the
    /// topology is there: a manager that works and cannot be found helps nobody. Throws ``TopologyManagerError`` when the
    /// topology is gone or another manager has taken its place.
    func changed(to node: StateNode?) async throws {
        guard let node else { return try await putBack() }
        let data: [UInt8] = try location.serializedBytes()
        guard node.data == data else { throw superseded(node) }
    }

    /// Takes note of what happened to the session; throws ``TopologyManagerError`` if the node is another manager's now.
    func heard(_ event: SessionEvent) async throws {
        guard case .ephemeralLost(try path) = event else { return }
        throw superseded(try? await state.get(path))
    }

    private func putBack() async throws {
        // After a session was lost, the library creates the node again by itself.
        try await Task.sleep(for: interval)
        guard try await state.get(path) == nil else { return }
        guard try await state.topology(location.topologyName)?.id == location.topologyID else {
            throw TopologyManagerError("topology \(location.topologyName) was removed from the state")
        }
        log.notice("the location was removed from the state; advertising it again")
        try await advertise()
    }

    private func superseded(_ node: StateNode?) -> TopologyManagerError {
        let found = node.flatMap { try? TManagerLocation(serializedBytes: $0.data) }
        let other = found.map { "\($0.host):\($0.serverPort)" }
        return TopologyManagerError("another manager of \(location.topologyName) took over: \(other ?? "unknown")")
    }

    private func failure(_ error: StateError) -> TopologyManagerError {
        TopologyManagerError(
            "cannot advertise the location of the manager of \(location.topologyName): \(error); "
                + "if no other manager runs, delete that node"
        )
    }
}
