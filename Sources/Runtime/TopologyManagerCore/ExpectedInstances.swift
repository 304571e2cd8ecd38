import HeronModel

/// What a packing plan says of stream managers and instances: who must register, and with what.
///
/// Two packing plans that differ in resources only are equal here.
struct ExpectedInstances: Hashable {
    /// One instance, identified as everywhere in Heron: `container_<container>_<component>_<task>`.
    struct Key: Hashable {
        let id: String
        let component: String
        let task: Int32
        let index: Int32
    }

    private let instances: [String: Set<Key>]
    /// The ids of the stream managers, `stmgr-<container>`, in the order of the containers.
    let stmgrs: [String]

    init(_ plan: PackingPlan) {
        let containers = plan.containerPlans.sorted { $0.id < $1.id }
        stmgrs = containers.map { "stmgr-\($0.id)" }
        instances = Dictionary(
            containers.map { container in
                ("stmgr-\(container.id)", Set(container.instancePlans.map { Key($0, container: container.id) }))
            },
            uniquingKeysWith: { $0.union($1) }
        )
    }

    /// Whether the packing plan has a container for the stream manager.
    func has(stmgr: String) -> Bool {
        instances[stmgr] != nil
    }

    /// Why the reported instances are not those of the stream manager's container; nil if they are.
    func mismatch(stmgr: String, _ reported: [Instance]) -> String? {
        let expected = instances[stmgr] ?? []
        let keys = reported.map(Key.init)
        if let foreign = reported.first(where: { $0.stmgrID != stmgr }) {
            return "instance \(foreign.instanceID) of \(stmgr) belongs to \(foreign.stmgrID)"
        }
        if let surplus = keys.first(where: { !expected.contains($0) }) {
            return "instance \(surplus.id) of \(stmgr) is not in the packing plan, or with another task or component"
        }
        if let missing = expected.subtracting(keys).map(\.id).min() {
            return "instance \(missing) of the packing plan is missing in \(stmgr)"
        }
        return keys.count == expected.count ? nil : "\(stmgr) reports an instance twice"
    }

    /// Whether a physical plan has exactly these stream managers and instances.
    func match(_ plan: PhysicalPlan) -> Bool {
        let reported = Dictionary(grouping: plan.instances, by: \.stmgrID)
        return Set(plan.stmgrs.map(\.id)) == Set(stmgrs) && plan.stmgrs.count == stmgrs.count
            && Set(reported.keys).isSubset(of: stmgrs)
            && stmgrs.allSatisfy { mismatch(stmgr: $0, reported[$0] ?? []) == nil }
    }
}

extension ExpectedInstances.Key {
    fileprivate init(_ plan: InstancePlan, container: Int32) {
        self.init(
            id: "container_\(container)_\(plan.componentName)_\(plan.taskID)",
            component: plan.componentName,
            task: plan.taskID,
            index: plan.componentIndex
        )
    }

    fileprivate init(_ instance: Instance) {
        self.init(
            id: instance.instanceID,
            component: instance.info.componentName,
            task: instance.info.taskID,
            index: instance.info.componentIndex
        )
    }
}
