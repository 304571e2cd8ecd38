import MesosProtocol

/// ACCEPT: offers taken, operations applied one after another to what they hold.
extension MasterCore {
    /// Handles ACCEPT.
    mutating func accept(_ id: String, _ call: MesosCall.Accept) {
        guard let framework = frameworks[id] else { return }
        let error = offersError(call.offerIds.map(\.value), framework)
        let taken = call.offerIds.compactMap { offers[$0.value] }.filter { $0.framework == id }
        for offer in taken { offers[offer.id] = nil }
        if let error {
            for task in call.operations.filter({ $0.type == .launch }).flatMap(\.launch.taskInfos) {
                let state: MesosTaskState = framework.isPartitionAware ? .taskDropped : .taskLost
                let message = "Task launched with invalid offers: \(error)"
                var status = status(task: task.taskID, state, message, .invalidOffers)
                status.agentID = task.agentID
                send(.update(status), to: id)
            }
            return
        }
        guard let offer = taken.first, let agent = agents[offer.agent] else { return }
        var rest = taken.reduce(into: ResourceSet()) { $0 += $1.resources }
        for operation in call.operations {
            guard operation.hasType else { continue }
            switch operation.type {
            case .launch: launch(operation.launch.taskInfos, on: agent, offer, &rest)
            case .reserve: reserve(operation.reserve.resources, offer, &rest)
            case .unreserve: unreserve(operation.unreserve.resources, offer, &rest)
            default: perform(.note("an operation of framework \(id) is dropped: \(operation.type) is not simulated"))
            }
        }
        refuse(rest.allocated(to: nil), of: offer, call.filters)
    }

    /// Why the offers cannot be used together, or at all.
    private func offersError(_ ids: [String], _ framework: FrameworkRecord) -> String? {
        guard let first = ids.first else { return "No offers specified" }
        for (index, id) in ids.enumerated() where ids[..<index].contains(id) {
            return "Duplicate offer \(id) in offer list"
        }
        for id in ids {
            guard let offer = offers[id] else { return "Offer \(id) is no longer valid" }
            guard offer.framework == framework.id else {
                return
                    "Offer \(id) has invalid framework \(offer.framework) while framework \(framework.id) is expected"
            }
        }
        guard let reference = offers[first] else { return nil }
        for offer in ids.compactMap({ offers[$0] }) {
            guard offer.role == reference.role else {
                return
                    "Aggregated offers must be allocated to the same role. Offer \(offer.id) uses role '\(offer.role)'"
                    + " but another is using role '\(reference.role)'"
            }
            guard offer.agent == reference.agent else {
                return "Aggregated offers must belong to one single agent. Offer \(offer.id) uses agent \(offer.agent)"
                    + " and agent \(reference.agent)"
            }
        }
        return nil
    }

    private mutating func launch(
        _ tasks: [MesosTaskInfo],
        on agent: AgentRecord,
        _ offer: OfferRecord,
        _ rest: inout ResourceSet
    ) {
        for task in tasks {
            guard let framework = frameworks[offer.framework] else { return }
            if let error = taskError(task, framework, offer, rest) {
                var status = status(task: task.taskID, .taskError, error, .taskInvalid)
                status.agentID = task.agentID
                send(.update(status), to: framework.id)
                continue
            }
            let resources = ResourceSet(task.resources, allocatedTo: offer.role)
            rest -= resources
            let message = MesosTask(task, framework: framework.info, resources: resources)
            frameworks[framework.id]?.tasks[task.taskID.value] = TaskRecord(message)
            perform(.launch(agent: agent.id, framework: framework.info, task: task, record: message))
        }
    }

    /// What is wrong with a task, in Mesos's order and words.
    private func taskError(
        _ task: MesosTaskInfo,
        _ framework: FrameworkRecord,
        _ offer: OfferRecord,
        _ rest: ResourceSet
    ) -> String? {
        let id = task.taskID.value
        if let error = NameRules.error(inID: id) { return error }
        if framework.tasks[id] != nil || framework.unreachableTasks[id] != nil { return "Task has duplicate ID: \(id)" }
        guard task.agentID.value == offer.agent else {
            return "Task uses invalid agent \(task.agentID.value) while agent \(offer.agent) is expected"
        }
        if task.killPolicy.gracePeriod.nanoseconds < 0 {
            return "Task's 'kill_policy.grace_period' must be non-negative"
        }
        if task.maxCompletionTime.nanoseconds < 0 { return "Task's 'max_completion_time' must be non-negative" }
        if task.resources.isEmpty { return "Task uses no resources" }
        if let error = ResourceValidation.error(in: task.resources) { return error }
        let revocable = task.resources.filter(\.hasRevocable).count
        if revocable > 0, revocable < task.resources.count {
            return "Task mixes revocable and non-revocable resources"
        }
        guard task.hasCommand != task.hasExecutor else {
            return "Task should have at least one (but not both) of CommandInfo or ExecutorInfo present"
        }
        if task.hasExecutor { return "This development cluster runs no executors of frameworks: use CommandInfo" }
        let wanted = ResourceSet(task.resources, allocatedTo: offer.role)
        guard rest.contains(wanted) else {
            return "Total resources \(wanted) required by task and its executor is more than available "
                + ResourceSet(rest.messages).description
        }
        return nil
    }

    /// Puts a reservation on top of resources. What is not allowed is dropped, as in Mesos.
    private mutating func reserve(_ resources: [MesosResource], _ offer: OfferRecord, _ rest: inout ResourceSet) {
        let principal = frameworks[offer.framework]?.principal
        let isAllowed = resources.allSatisfy { resource in
            guard let top = resource.inNewFormat.reservations.last else { return false }
            return top.type == .dynamic && top.role == offer.role && top.role != "*"
                && (principal == nil || top.principal == principal)
        }
        let reserved = ResourceSet(resources, allocatedTo: offer.role)
        let plain = ResourceSet(resources.map(\.withoutTopReservation), allocatedTo: offer.role)
        guard isAllowed, ResourceValidation.error(in: resources) == nil, rest.contains(plain) else {
            return perform(.note("RESERVE of framework \(offer.framework) is dropped: \(reserved)"))
        }
        rest = rest - plain + reserved
        exchange(plain, reserved, on: offer.agent)
    }

    /// Takes the topmost reservation away.
    private mutating func unreserve(_ resources: [MesosResource], _ offer: OfferRecord, _ rest: inout ResourceSet) {
        let isAllowed = resources.allSatisfy { $0.inNewFormat.reservations.last?.type == .dynamic }
        let reserved = ResourceSet(resources, allocatedTo: offer.role)
        guard isAllowed, ResourceValidation.error(in: resources) == nil, rest.contains(reserved) else {
            return perform(.note("UNRESERVE of framework \(offer.framework) is dropped: \(reserved)"))
        }
        let plain = ResourceSet(resources.map(\.withoutTopReservation), allocatedTo: offer.role)
        rest = rest - reserved + plain
        exchange(reserved, plain, on: offer.agent)
    }

    private mutating func exchange(_ old: ResourceSet, _ new: ResourceSet, on agent: String) {
        guard let total = agents[agent]?.total else { return }
        agents[agent]?.total = total - old.allocated(to: nil) + new.allocated(to: nil)
    }
}

extension MesosResource {
    fileprivate var withoutTopReservation: MesosResource {
        var resource = inNewFormat
        if !resource.reservations.isEmpty { resource.reservations.removeLast() }
        return resource
    }
}
