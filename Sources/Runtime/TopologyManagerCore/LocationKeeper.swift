import HeronModel
import HeronState
import Logging

/// Keeps this manager's location in the state: an ephemeral node, at which everybody finds it.
///
/// The node is also what keeps a second manager of the same topology out.
struct LocationKeeper {
    let state: any StateManager
    let location: TManagerLocation
    /// How often to try while the node of a predecessor stands, and how long to wait in between. Together longer than a
    /// dead predecessor's session lives.
    let attempts: Int
    let interval: Duration
    let log: Logger

    private var path: StatePath { get throws { try StatePath(.tmanagers, location.topologyName) } }

    /// Creates the node. Throws ``TopologyManagerError`` if another manager holds it to the end.
    func advertise() async throws {
        let data: [UInt8] = try location.serializedBytes()
        var attempt = 1
        while true {
            do {
                return try await state.create(path, data, .ephemeral)
            } catch let error as StateError where error.code == .nodeExists || error.code == .timeout {
                guard attempt < attempts else { throw failure(error) }
                log.notice("cannot advertise the location yet, attempt \(attempt) of \(attempts): \(error)")
            }
            attempt += 1
            try await Task.sleep(for: interval)
        }
    }

    /// Watches over the node until the task is cancelled.
    ///
    /// `heron restart` deletes it by hand, and Heron's manager ends itself then. This one puts it back, as long as the
    /// topology is there: a manager that works and cannot be found helps nobody. Throws ``TopologyManagerError`` when the
    /// topology is gone or another manager has taken its place.
    func keep() async throws {
        let data: [UInt8] = try location.serializedBytes()
        for try await node in state.watch(try path) {
            if let node {
                guard node.data == data else { throw superseded(node) }
            } else {
                try await putBack()
            }
        }
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

    private func superseded(_ node: StateNode) -> TopologyManagerError {
        let other = (try? TManagerLocation(serializedBytes: node.data)).map { "\($0.host):\($0.serverPort)" }
        return TopologyManagerError("another manager of \(location.topologyName) took over: \(other ?? "unknown")")
    }

    private func failure(_ error: StateError) -> TopologyManagerError {
        TopologyManagerError(
            "cannot advertise the location of the manager of \(location.topologyName): \(error); "
                + "if no other manager runs, delete that node"
        )
    }
}
