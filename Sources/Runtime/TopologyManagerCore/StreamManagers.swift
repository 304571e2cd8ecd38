import HeronModel

/// A connection of a stream manager, numbered by the driver; a number is never used twice.
struct ConnectionID: Hashable, Sendable {
    let number: Int
}

/// The stream managers that the packing plan asks for, and which of them have registered.
///
/// A value without clock or I/O; instants come from the caller.
struct StreamManagers {
    /// A stream manager that is connected and has told what runs in its container.
    struct Registration {
        let connection: ConnectionID
        let stmgr: StMgr
        let instances: [Instance]
        var lastHeartbeat: ContinuousClock.Instant
    }

    /// What became of an attempt to register.
    enum Outcome {
        /// Registered; the connection of an earlier registration under the same id, if there was one, is to be closed.
        case accepted(replaced: ConnectionID?)
        case refused(StatusCode, String)
    }

    private(set) var expected: ExpectedInstances
    private(set) var registered: [String: Registration] = [:]
    private let silenceLimit: Duration

    /// - Parameter silenceLimit: a stream manager that has sent no heartbeat for longer counts as dead.
    init(expected: ExpectedInstances, silenceLimit: Duration) {
        self.expected = expected
        self.silenceLimit = silenceLimit
    }

    /// Whether every stream manager of the packing plan has registered.
    var isComplete: Bool { registered.count == expected.stmgrs.count }

    /// The expected ones that have not registered, in the order of their containers.
    var absent: [String] { expected.stmgrs.filter { registered[$0] == nil } }

    /// The registered ones, in the order of their containers.
    var present: [Registration] { expected.stmgrs.compactMap { registered[$0] } }

    /// Registers a stream manager, unless the packing plan has no place for it or a living one has its place.
    ///
    /// Where one is registered already, the newcomer is refused as long as the first is heard of: a second process must
    /// not push out the one that moves tuples. The same process on a new connection takes its own place, and so does
    /// whoever comes after the first fell silent.
    mutating func register(
        _ stmgr: StMgr,
        _ instances: [Instance],
        on connection: ConnectionID,
        now: ContinuousClock.Instant
    ) -> Outcome {
        guard expected.has(stmgr: stmgr.id) else {
            return .refused(.invalidStmgr, "\(stmgr.id) is not in the packing plan")
        }
        if let problem = expected.mismatch(stmgr: stmgr.id, instances) { return .refused(.notok, problem) }
        if let other = registered.first(where: { $0.value.connection == connection }), other.key != stmgr.id {
            return .refused(.notok, "this connection has registered as \(other.key)")
        }
        let former = registered[stmgr.id]
        if let former, former.connection != connection, isAlive(former, now), !isSameProcess(former.stmgr, stmgr) {
            return .refused(
                .duplicateStrmgr,
                "\(stmgr.id) is registered from \(former.stmgr.hostName):\(former.stmgr.dataPort) and alive"
            )
        }
        registered[stmgr.id] = Registration(
            connection: connection,
            stmgr: stmgr,
            instances: instances,
            lastHeartbeat: now
        )
        return .accepted(replaced: former.flatMap { $0.connection == connection ? nil : $0.connection })
    }

    /// Notes a heartbeat; false if nobody is registered on the connection.
    mutating func heartbeat(on connection: ConnectionID, now: ContinuousClock.Instant) -> Bool {
        guard let id = id(of: connection) else { return false }
        registered[id]?.lastHeartbeat = now
        return true
    }

    /// Takes the registration made on a connection away; its id, or nil if there is none.
    mutating func remove(_ connection: ConnectionID) -> String? {
        guard let id = id(of: connection) else { return nil }
        registered[id] = nil
        return id
    }

    /// Takes away, and returns, those that have been silent for too long.
    mutating func removeSilent(now: ContinuousClock.Instant) -> [Registration] {
        let silent = present.filter { !isAlive($0, now) }
        for registration in silent { registered[registration.stmgr.id] = nil }
        return silent
    }

    /// Takes another packing plan: all have to register anew. Returns the connections of those that were registered.
    mutating func expect(_ expected: ExpectedInstances) -> [ConnectionID] {
        let connections = present.map(\.connection)
        self.expected = expected
        registered = [:]
        return connections
    }

    private func id(of connection: ConnectionID) -> String? {
        registered.first { $0.value.connection == connection }?.key
    }

    private func isAlive(_ registration: Registration, _ now: ContinuousClock.Instant) -> Bool {
        now - registration.lastHeartbeat <= silenceLimit
    }

    private func isSameProcess(_ one: StMgr, _ other: StMgr) -> Bool {
        one.hasPid && one == other
    }
}
