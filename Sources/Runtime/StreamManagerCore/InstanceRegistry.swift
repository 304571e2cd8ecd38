import HeronModel

/// Which instances of this container are there, and by which connection.
///
/// A value without I/O; connections are known by an identifier of the owner's choice.
struct InstanceRegistry {
    typealias ConnectionID = ObjectIdentifier

    /// What a registration comes to.
    enum Decision: Equatable {
        /// The instance is registered on this connection from now on, or was already.
        case accepted
        /// The registration is refused for a reason; the connection may stay and try again.
        case refused(String)
        /// Refused as well, because the task has another connection. That one, which may be dead without anyone having
        /// noticed, is to be closed, so that the next try succeeds.
        case refusedClosingOther(String)
    }

    private let topologyName: String
    private let topologyID: String
    private let expected: Set<String>
    private var instances: [String: Instance] = [:]
    private var connectionOfTask: [Int32: ConnectionID] = [:]
    private var taskOfConnection: [ConnectionID: Int32] = [:]

    init(topologyName: String, topologyID: String, instanceIDs: [String]) {
        self.topologyName = topologyName
        self.topologyID = topologyID
        expected = Set(instanceIDs)
    }

    /// Every instance that has registered at least once, by task id.
    var known: [Instance] {
        instances.values.sorted { $0.info.taskID < $1.info.taskID }
    }

    /// Whether every expected instance has registered at least once, so that the container is complete.
    var isComplete: Bool { instances.count == expected.count }

    /// The instances that have never registered, sorted.
    var missing: [String] { expected.filter { instances[$0] == nil }.sorted() }

    /// The task that registered on a connection.
    func task(of connection: ConnectionID) -> Int32? { taskOfConnection[connection] }

    /// Decides about a registration. A refused foreign one never touches the connection of the right instance.
    mutating func register(
        _ request: Heron_Proto_Stmgr_RegisterInstanceRequest,
        on connection: ConnectionID
    ) -> Decision {
        if let reason = refusal(of: request, on: connection) { return .refused(reason) }
        let instance = request.instance
        let task = instance.info.taskID
        if let current = connectionOfTask[task], current != connection {
            return .refusedClosingOther("task \(task) is registered on another connection, which is closed now")
        }
        instances[instance.instanceID] = instance
        connectionOfTask[task] = connection
        taskOfConnection[connection] = task
        return .accepted
    }

    private func refusal(
        of request: Heron_Proto_Stmgr_RegisterInstanceRequest,
        on connection: ConnectionID
    ) -> String? {
        let instance = request.instance
        if request.topologyName != topologyName {
            return "it belongs to topology \(request.topologyName), this is \(topologyName)"
        }
        if request.topologyID != topologyID {
            return "it belongs to topology id \(request.topologyID), this is \(topologyID)"
        }
        if !expected.contains(instance.instanceID) {
            return "instance \(instance.instanceID) does not belong into this container"
        }
        let other = instances.values.first {
            $0.info.taskID == instance.info.taskID && $0.instanceID != instance.instanceID
        }
        if let other { return "task \(instance.info.taskID) is \(other.instanceID)" }
        if let task = taskOfConnection[connection], task != instance.info.taskID {
            return "task \(task) has registered on the same connection"
        }
        return nil
    }

    /// Forgets a connection that is gone; the task that had registered on it, if any.
    @discardableResult
    mutating func disconnected(_ connection: ConnectionID) -> Int32? {
        guard let task = taskOfConnection.removeValue(forKey: connection) else { return nil }
        connectionOfTask[task] = nil
        return task
    }
}
