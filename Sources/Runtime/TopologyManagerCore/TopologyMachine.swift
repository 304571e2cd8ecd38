import HeronModel
import Logging

/// What a topology manager decides: who may register, when a physical plan is formed, stored and sent out, and what the
/// controller's callers are told.
///
/// A value without clock or I/O: events in, actions out. At most one write to the state is under way at any time; what
/// comes meanwhile waits, so that the state, the stream managers and the callers see the changes in one order.
struct TopologyMachine {
    /// What the driver has to do, in order.
    enum Action {
        /// Write the plan to `pplans`, whether or not a node stands there; then call `writeEnded`.
        case store(PhysicalPlan)
        /// Delete the `pplans` node; then call `writeEnded`.
        case deleteStored
        case broadcast(PhysicalPlan, to: [ConnectionID])
        case close(ConnectionID, reason: String)
        case answer(ControlRequest, ControlAnswer)
        case log(Logger.Level, String)
    }

    /// A write that is under way.
    private enum Write {
        case plan(PhysicalPlan)
        case change(PhysicalPlan, by: ControlRequest)
        case deletion
    }

    /// What is known about the `pplans` node.
    private enum Stored {
        case nothing
        case current
        /// A plan that does not hold any more, or a write whose outcome is unknown.
        case uncertain
    }

    /// How long to wait after a write failed.
    static let retryInterval = Duration.seconds(5)

    /// The topology with its state and runtime configuration, as the next plan will carry it.
    private(set) var topology: Topology
    /// The plan in force: stored, and sent to every stream manager; nil until all have registered for the first time.
    private(set) var plan: PhysicalPlan?
    private(set) var streamManagers: StreamManagers

    private var stored: Stored
    /// Somebody registered since the last plan was formed.
    private var isPlanDue = false
    private var write: Write?
    /// The packing plan changed since the write began: what is being written no longer holds.
    private var isWriteOutdated = false
    private var retryAt: ContinuousClock.Instant?
    private var waiting: [ControlRequest] = []

    /// - Parameters:
    ///   - topology: as submitted; counts only if there is no stored plan.
    ///   - storedPlan: what `pplans` holds. Its topology, with state and runtime configuration, lives on, even if its
    ///     instances are no longer those of the packing plan.
    init(topology: Topology, storedPlan: PhysicalPlan?, packingPlan: PackingPlan, silenceLimit: Duration) {
        let expected = ExpectedInstances(packingPlan)
        streamManagers = StreamManagers(expected: expected, silenceLimit: silenceLimit)
        self.topology = storedPlan?.topology ?? topology
        if let storedPlan, expected.match(storedPlan) {
            plan = storedPlan
            stored = .current
        } else {
            stored = storedPlan == nil ? .nothing : .uncertain
        }
    }

    /// The plan in force if every stream manager is there.
    var completePlan: PhysicalPlan? { streamManagers.isComplete ? plan : nil }

    // MARK: Stream managers

    /// A stream manager wants to register. The response carries the plan in force; a newer one follows as a message.
    mutating func register(
        _ request: StMgrRegisterRequest,
        on connection: ConnectionID,
        now: ContinuousClock.Instant
    ) -> (StMgrRegisterResponse, [Action]) {
        var response = StMgrRegisterResponse()
        switch streamManagers.register(request.stmgr, request.instances, on: connection, now: now) {
        case .refused(let code, let message):
            response.status = Status(code, message)
            return (response, [.log(.warning, "refused to register \(request.stmgr.id): \(message)")])
        case .accepted(let replaced):
            response.status = Status(.ok, "Welcome StreamManager")
            if let plan { response.pplan = plan }
            isPlanDue = true
            var actions = [registrationNote(request.stmgr)]
            if let replaced {
                actions.append(.close(replaced, reason: "\(request.stmgr.id) registered on another connection"))
            }
            return (response, actions + advance(now))
        }
    }

    /// A stream manager says that it lives.
    mutating func heartbeat(on connection: ConnectionID, now: ContinuousClock.Instant) -> StMgrHeartbeatResponse {
        let isKnown = streamManagers.heartbeat(on: connection, now: now)
        var response = StMgrHeartbeatResponse()
        response.status = isKnown ? Status(.ok, "") : Status(.notok, "not registered on this connection")
        return response
    }

    /// A connection is gone. The plan stays in force until its stream manager, or the next one, has registered.
    mutating func disconnected(_ connection: ConnectionID) -> [Action] {
        guard let id = streamManagers.remove(connection) else { return [] }
        return [.log(.warning, "lost the connection with \(id); waiting for it to register again")]
    }

    /// Time passed: looks for silent stream managers, and tries failed writes again.
    mutating func tick(now: ContinuousClock.Instant) -> [Action] {
        let silent = streamManagers.removeSilent(now: now).map { registration in
            Action.close(registration.connection, reason: "no heartbeat from \(registration.stmgr.id)")
        }
        return silent + advance(now)
    }

    private func registrationNote(_ stmgr: StMgr) -> Action {
        let absent = streamManagers.absent
        let rest = absent.isEmpty ? "all are here" : "waiting for \(absent.joined(separator: ", "))"
        return .log(.info, "\(stmgr.id) registered from \(stmgr.hostName):\(stmgr.dataPort); \(rest)")
    }

    // MARK: State

    /// The packing plan was written. If it asks for other instances than before, all begin anew: connections are closed
    /// and the physical plan is gone, state and runtime configuration are kept.
    mutating func packingPlanChanged(_ packingPlan: PackingPlan, now: ContinuousClock.Instant) -> [Action] {
        let expected = ExpectedInstances(packingPlan)
        guard expected != streamManagers.expected else { return [] }
        let connections = streamManagers.expect(expected)
        plan = nil
        isPlanDue = false
        if stored == .current { stored = .uncertain }
        isWriteOutdated = write != nil
        let note = Action.log(.notice, "new packing plan: waiting for \(expected.stmgrs.joined(separator: ", "))")
        return [note] + connections.map { .close($0, reason: "the packing plan changed") } + advance(now)
    }

    /// The write that was asked for last succeeded, or failed for a reason.
    mutating func writeEnded(failure: String?, now: ContinuousClock.Instant) -> [Action] {
        guard let ended = write else { return [] }
        write = nil
        defer { isWriteOutdated = false }
        let actions = failure.map { failed(ended, $0, now) } ?? succeeded(ended)
        return actions + advance(now)
    }

    private mutating func succeeded(_ write: Write) -> [Action] {
        retryAt = nil
        switch write {
        case .deletion:
            stored = .nothing
            return []
        case .plan(let plan):
            return takeEffect(plan)
        case .change(let plan, let request):
            let answer = ControlAnswer(200, TopologyChange.successText(request.command))
            return takeEffect(plan) + [.answer(request, answer)]
        }
    }

    private mutating func takeEffect(_ plan: PhysicalPlan) -> [Action] {
        topology = plan.topology
        guard !isWriteOutdated else {
            stored = .uncertain
            return []
        }
        self.plan = plan
        stored = .current
        return [.broadcast(plan, to: streamManagers.present.map(\.connection))]
    }

    /// Whatever failed, the node may hold something else now; it is written again, or deleted, later.
    private mutating func failed(_ write: Write, _ reason: String, _ now: ContinuousClock.Instant) -> [Action] {
        stored = .uncertain
        retryAt = now + TopologyMachine.retryInterval
        switch write {
        case .deletion:
            return [.log(.error, "cannot delete the physical plan: \(reason); trying again")]
        case .plan:
            isPlanDue = !isWriteOutdated || isPlanDue
            return [.log(.error, "cannot write the physical plan: \(reason); trying again")]
        case .change(_, let request):
            return [
                .log(.error, "cannot write the physical plan: \(reason)"),
                .answer(request, ControlAnswer(500, "Error while writing the state", detail: reason)),
            ]
        }
    }

    // MARK: Controller

    /// A caller of the controller wants a change; its turn comes after the writes that are under way.
    mutating func control(_ request: ControlRequest, now: ContinuousClock.Instant) -> [Action] {
        waiting.append(request)
        return advance(now)
    }

    // MARK: Next step

    /// Begins the next write, if one is needed and possible.
    private mutating func advance(_ now: ContinuousClock.Instant) -> [Action] {
        guard write == nil else { return [] }
        if retryAt.map({ $0 <= now }) ?? true, let action = beginPlanWrite() { return [action] }
        return beginControlWrite()
    }

    private mutating func beginPlanWrite() -> Action? {
        if isPlanDue, streamManagers.isComplete {
            isPlanDue = false
            let formed = formPlan()
            if formed != plan || stored != .current { return begin(.plan(formed)) }
        }
        guard stored == .uncertain else { return nil }
        return begin(plan.map(Write.plan) ?? .deletion)
    }

    private mutating func beginControlWrite() -> [Action] {
        var actions: [Action] = []
        while write == nil, !waiting.isEmpty {
            let request = waiting.removeFirst()
            do throws(ControlAnswer) {
                guard var changed = plan else { throw ControlAnswer.notInitialized }
                changed.topology = try TopologyChange.apply(request.command, to: topology)
                actions.append(begin(.change(changed, by: request)))
            } catch {
                actions.append(.answer(request, error))
            }
        }
        return actions
    }

    private mutating func begin(_ write: Write) -> Action {
        self.write = write
        switch write {
        case .plan(let plan), .change(let plan, _): return .store(plan)
        case .deletion: return .deleteStored
        }
    }

    /// The topology on the stream managers and instances that have registered, in the order of their numbers.
    private func formPlan() -> PhysicalPlan {
        var plan = PhysicalPlan()
        plan.topology = topology
        plan.stmgrs = streamManagers.present.map(\.stmgr)
        plan.instances = streamManagers.present.flatMap(\.instances).sorted { $0.info.taskID < $1.info.taskID }
        return plan
    }
}

extension Status {
    init(_ code: StatusCode, _ message: String) {
        self.init()
        status = code
        if !message.isEmpty { self.message = message }
    }
}

typealias StMgrRegisterRequest = Heron_Proto_Tmanager_StMgrRegisterRequest
typealias StMgrRegisterResponse = Heron_Proto_Tmanager_StMgrRegisterResponse
typealias StMgrHeartbeatRequest = Heron_Proto_Tmanager_StMgrHeartbeatRequest
typealias StMgrHeartbeatResponse = Heron_Proto_Tmanager_StMgrHeartbeatResponse
