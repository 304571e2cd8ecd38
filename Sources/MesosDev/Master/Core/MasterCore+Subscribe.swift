import MesosProtocol

/// Subscription, disconnection and removal of frameworks.
extension MasterCore {
    /// Handles SUBSCRIBE, whose stream is open: the answer is an event on it, SUBSCRIBED or ERROR.
    mutating func subscribe(_ call: MesosCall.Subscribe, stream: String, principal: String?) {
        var info = call.frameworkInfo
        if let principal { info.principal = principal }
        if let error = subscriptionError(info, suppressed: call.suppressedRoles) {
            return refuse(stream, error)
        }
        if info.id.value.isEmpty {
            info.id.value = newFrameworkID()
            register(info, stream: stream, principal: principal)
        } else if var known = frameworks[info.id.value] {
            guard known.info.principal == info.principal || known.presence == .recovered else {
                return refuse(stream, "Changing framework's principal is not allowed.")
            }
            let wasConnected = known.isConnected
            if let old = known.stream {
                perform(.send(stream: old, .error("Framework failed over")))
                perform(.end(stream: old))
            }
            discardOffers(of: known.id)
            update(&known, with: info)
            known.presence = .connected(stream: stream)
            known.reregisteredAt = now
            known.filters = []
            known.suppressed = Set(call.suppressedRoles)
            frameworks[known.id] = known
            greet(known)
            for agent in allAgents where agent.isConnected {
                perform(.resend(agent: agent.id, framework: known.id))
            }
            if !wasConnected { allocateResources(to: known.id) }
            return
        } else {
            register(info, stream: stream, principal: principal)
        }
        frameworks[info.id.value]?.suppressed = Set(call.suppressedRoles)
        allocateResources(to: info.id.value)
    }

    /// The framework's stream has ended from its side.
    mutating func disconnect(stream: String) {
        guard var framework = frameworks.values.first(where: { $0.stream == stream }) else { return }
        let timeout = framework.info.failoverTimeout
        framework.presence = .disconnected(until: now + timeout)
        framework.filters = []
        frameworks[framework.id] = framework
        discardOffers(of: framework.id)
        perform(.note("framework \(framework.id) is disconnected; it is removed in \(timeout) s unless it subscribes"))
        expireFrameworks()
    }

    /// Ends a framework for ever: its tasks are killed, its stream ends.
    mutating func tearDown(_ id: String) {
        guard var framework = frameworks[id] else { return }
        discardOffers(of: id)
        for agent in allAgents where agent.isRegistered { perform(.shutDown(agent: agent.id, framework: id)) }
        for task in framework.tasks.all + framework.unreachableTasks.all {
            var message = task.message
            if !task.latestState.isTerminal {
                message.state = .taskKilled
                let end = status(task: message.taskID, .taskKilled, "Framework \(id) removed", .frameworkRemoved)
                message.statuses.append(end)
            }
            framework.completedTasks.append(message)
        }
        framework.tasks = TaskTable()
        framework.unreachableTasks = TaskTable()
        if let stream = framework.stream { perform(.end(stream: stream)) }
        framework.presence = .disconnected(until: now)
        framework.unregisteredAt = now
        frameworks[id] = nil
        frameworkOrder.removeAll { $0 == id }
        completedFrameworks.append(framework)
        if completedFrameworks.count > settings.maximumCompletedFrameworks { completedFrameworks.removeFirst() }
    }

    /// Removes frameworks that have not come back in time.
    mutating func expireFrameworks() {
        for framework in allFrameworks {
            if case .disconnected(let until) = framework.presence, until <= now { tearDown(framework.id) }
        }
    }

    /// Handles UPDATE_FRAMEWORK.
    ///
    /// - Returns: why it is refused, nil if it is done.
    mutating func updateFramework(_ id: String, _ call: MesosCall.UpdateFramework) -> String? {
        guard var framework = frameworks[id] else { return "Framework cannot be found" }
        let info = call.frameworkInfo
        if info.id.value != id { return "Updating 'FrameworkInfo.id' is unsupported" }
        if let error = subscriptionError(info, suppressed: call.suppressedRoles) { return error }
        if info.user != framework.info.user { return "Updating 'FrameworkInfo.user' is unsupported" }
        if info.checkpoint != framework.info.checkpoint { return "Updating 'FrameworkInfo.checkpoint' is unsupported" }
        if info.hasPrincipal, info.principal != framework.info.principal {
            return "Changing framework's principal is not allowed."
        }
        let kept = Set(framework.has(.multiRole) ? info.roles : [info.role])
        let unsuppressed = framework.suppressed.subtracting(call.suppressedRoles)
        update(&framework, with: info)
        framework.suppressed = Set(call.suppressedRoles)
        framework.filters.removeAll { unsuppressed.contains($0.role) || !kept.contains($0.role) }
        frameworks[id] = framework
        rescindOffers { $0.framework == id && !kept.contains($0.role) }
        allocateResources(to: id)
        return nil
    }

    private mutating func refuse(_ stream: String, _ message: String) {
        perform(.send(stream: stream, .error(message)))
        perform(.end(stream: stream))
    }

    private mutating func register(_ info: MesosFrameworkInfo, stream: String, principal: String?) {
        let framework = FrameworkRecord(
            info: info,
            presence: .connected(stream: stream),
            principal: principal,
            registeredAt: now,
            reregisteredAt: now
        )
        frameworks[framework.id] = framework
        frameworkOrder.append(framework.id)
        greet(framework)
    }

    private mutating func greet(_ framework: FrameworkRecord) {
        send(.subscribed(framework.info.id, heartbeat: settings.heartbeatInterval, master: info), to: framework.id)
        send(.heartbeat, to: framework.id)
    }

    /// Takes over what may change: `user`, `checkpoint` and `principal` stay as they were.
    private func update(_ framework: inout FrameworkRecord, with info: MesosFrameworkInfo) {
        let old = framework.info
        framework.info = info
        framework.info.user = old.user
        if old.hasCheckpoint { framework.info.checkpoint = old.checkpoint } else { framework.info.clearCheckpoint() }
        if old.hasPrincipal { framework.info.principal = old.principal }
    }

    /// Why a SUBSCRIBE is answered with an ERROR event, nil if it is not.
    private func subscriptionError(_ info: MesosFrameworkInfo, suppressed: [String]) -> String? {
        if let error = rolesError(info) { return error }
        if !info.id.value.isEmpty, let error = NameRules.error(inID: info.id.value) { return error }
        // What does not fit into 64 bits of nanoseconds.
        guard info.failoverTimeout.magnitude < 9_223_372_036 else {
            return "The framework failover_timeout (\(Self.stream(info.failoverTimeout))) is invalid"
        }
        let roles = isMultiRole(info) ? info.roles : [info.role]
        for role in suppressed where !roles.contains(role) {
            return "Suppressed role '\(role)' is not one of the framework's roles"
        }
        if completedFrameworks.contains(where: { $0.id == info.id.value }) { return "Framework has been removed" }
        if let allowed = settings.roles {
            let unknown = roles.filter { !allowed.contains($0) }
            guard unknown.isEmpty else {
                return "Not authorized to register framework \(info.id.value) with roles { "
                    + unknown.joined(separator: ", ") + " }"
            }
        }
        return nil
    }

    private func isMultiRole(_ info: MesosFrameworkInfo) -> Bool {
        info.capabilities.contains { $0.hasType && $0.type == .multiRole }
    }

    private func rolesError(_ info: MesosFrameworkInfo) -> String? {
        guard isMultiRole(info) else {
            guard info.roles.isEmpty else {
                return "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable"
            }
            return NameRules.error(inRole: info.role).map { "'FrameworkInfo.role' is not a valid role: \($0)" }
        }
        if info.hasRole { return "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable" }
        var duplicates: [String] = []
        for (index, role) in info.roles.enumerated() where info.roles[..<index].contains(role) {
            if !duplicates.contains(role) { duplicates.append(role) }
        }
        guard duplicates.isEmpty else {
            return "'FrameworkInfo.roles' contains duplicate items: { \(duplicates.joined(separator: ", ")) }"
        }
        for role in info.roles {
            if let error = NameRules.error(inRole: role) {
                return "'FrameworkInfo.roles' contains invalid role: \(error)"
            }
        }
        return nil
    }

    /// A number as C++'s streams print it: `1e+19`.
    private static func stream(_ value: Double) -> String { "\(value)" }
}
