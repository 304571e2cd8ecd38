import MesosProtocol

/// Frameworks, tasks and offers in the endpoints.
extension StateJSON {
    func frameworkSummary(_ framework: FrameworkRecord) -> JSONValue {
        let tasks = framework.tasks.all.map(\.message) + framework.completedTasks
        let agents = Set(framework.tasks.all.map(\.message.agentID.value)).sorted()
        return counted(head(framework), tasks).adding(["slave_ids": .strings(agents)])
    }

    func framework(_ framework: FrameworkRecord) -> JSONValue {
        let info = framework.info
        let offers = core.offers.values.filter { $0.framework == framework.id }
        let held = offers.reduce(into: framework.used()) { $0 += $1.resources }
        let isReregistered = framework.reregisteredAt != framework.registeredAt
        return head(framework).adding([
            "user": .string(info.user),
            "failover_timeout": .double(info.failoverTimeout),
            "checkpoint": .bool(info.checkpoint),
            "registered_time": .double(framework.registeredAt),
            "unregistered_time": .double(framework.unregisteredAt ?? 0),
            "principal": info.hasPrincipal ? .string(info.principal) : nil,
            "resources": Self.summary(held),
            "reregistered_time": isReregistered ? .double(framework.reregisteredAt) : nil,
            "role": framework.has(.multiRole) ? nil : .string(info.role),
            "roles": framework.has(.multiRole) ? .strings(info.roles) : nil,
            "tasks": .array(framework.tasks.all.map { Self.task($0.message) }),
            "unreachable_tasks": .array(framework.unreachableTasks.all.map { Self.task($0.message) }),
            "completed_tasks": .array(framework.completedTasks.map { Self.task($0) }),
            "offers": .array(offers.map { offer($0) }),
            "executors": .array([]),
            "labels": info.hasLabels ? Self.labels(info.labels) : nil,
            "offer_constraints": .object([]),
        ])
    }

    private func head(_ framework: FrameworkRecord) -> JSONValue {
        let info = MessageJSON.value(framework.info)
        return .object([
            "id": .string(framework.id),
            "name": .string(framework.info.name),
            "used_resources": Self.summary(framework.used()),
            "offered_resources": Self.summary(offered { $0.framework == framework.id }),
            "capabilities": .array((info["capabilities"]?.elements ?? []).compactMap { $0["type"] }),
            "hostname": .string(framework.info.hostname),
            "webui_url": .string(framework.info.webuiURL),
            "active": .bool(framework.isConnected),
            "connected": .bool(framework.isConnected),
            "recovered": .bool(framework.presence == .recovered),
        ])
    }

    static func task(_ task: MesosTask) -> JSONValue {
        let resources = ResourceSet(task.resources)
        let role = task.resources.first { $0.allocationInfo.hasRole }?.allocationInfo.role
        return .object([
            "id": .string(task.taskID.value),
            "name": .string(task.name),
            "framework_id": .string(task.frameworkID.value),
            "executor_id": .string(""),
            "slave_id": .string(task.agentID.value),
            "state": MessageJSON.value(task)["state"],
            "resources": summary(resources),
            "role": role.map { .string($0) },
            "statuses": .array(task.statuses.map { status($0) }),
            "user": task.hasUser ? .string(task.user) : nil,
            "labels": task.hasLabels ? labels(task.labels) : nil,
            "discovery": task.hasDiscovery ? MessageJSON.value(task.discovery) : nil,
        ])
    }

    private static func status(_ status: MesosTaskStatus) -> JSONValue {
        var container = status.containerStatus
        container.clearExecutorPid()
        return .object([
            "state": MessageJSON.value(status)["state"],
            "timestamp": .double(status.timestamp),
            "labels": status.hasLabels ? labels(status.labels) : nil,
            "container_status": status.hasContainerStatus ? MessageJSON.value(container) : nil,
            "healthy": status.hasHealthy ? .bool(status.healthy) : nil,
        ])
    }

    private func offer(_ offer: OfferRecord) -> JSONValue {
        .object([
            "id": .string(offer.id),
            "framework_id": .string(offer.framework),
            "allocation_info": .object(["role": .string(offer.role)]),
            "slave_id": .string(offer.agent),
            "resources": Self.summary(offer.resources),
        ])
    }

    private static func labels(_ labels: MesosLabels) -> JSONValue {
        .array(labels.labels.map { MessageJSON.value($0) })
    }
}
