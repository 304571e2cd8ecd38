import MesosProtocol

/// Resources with Mesos's arithmetic.
///
/// What is of the same name, type, reservations, allocation and so on is added up; nothing else is comparable. Inside,
/// all resources are in the newer format, with their reservations in `reservations` and without `role`.
struct ResourceSet: Hashable, Sendable, CustomStringConvertible {
    private struct Entry: Hashable, Sendable {
        /// The resource without its quantity: what has to be equal for two resources to be of one kind.
        let kind: MesosResource
        var quantity: ResourceQuantity
    }

    private var entries: [Entry] = []

    init() {}

    /// - Parameter role: the role they are allocated to where they do not say so themselves.
    /// - Precondition: ``ResourceValidation`` has found nothing wrong with them.
    init(_ resources: [MesosResource], allocatedTo role: String? = nil) {
        for resource in resources {
            var kind = resource.inNewFormat
            if let role, !kind.allocationInfo.hasRole { kind.allocationInfo.role = role }
            add(Entry(kind: kind.withoutQuantity, quantity: ResourceQuantity(resource)))
        }
    }

    private init(_ entries: [Entry]) {
        for entry in entries { add(entry) }
    }

    var isEmpty: Bool { entries.isEmpty }

    /// The resources in the newer format; ranges first, as Mesos offers them.
    var messages: [MesosResource] {
        let isFirst: (Entry) -> Bool = { if case .ranges = $0.quantity { true } else { false } }
        return (entries.filter(isFirst) + entries.filter { !isFirst($0) }).map { entry in
            var resource = entry.kind
            entry.quantity.write(to: &resource)
            return resource
        }
    }

    private mutating func add(_ entry: Entry) {
        guard !entry.quantity.isEmpty else { return }
        if let index = entries.firstIndex(where: { $0.kind == entry.kind }) {
            entries[index].quantity = entries[index].quantity.adding(entry.quantity)
        } else {
            entries.append(entry)
        }
    }

    static func + (left: ResourceSet, right: ResourceSet) -> ResourceSet { ResourceSet(left.entries + right.entries) }

    static func += (left: inout ResourceSet, right: ResourceSet) { left = left + right }

    /// What is left; nothing is taken of what is not there.
    static func - (left: ResourceSet, right: ResourceSet) -> ResourceSet {
        var rest = left
        for entry in right.entries {
            guard let index = rest.entries.firstIndex(where: { $0.kind == entry.kind }) else { continue }
            rest.entries[index].quantity = rest.entries[index].quantity.subtracting(entry.quantity)
        }
        rest.entries.removeAll { $0.quantity.isEmpty }
        return rest
    }

    static func -= (left: inout ResourceSet, right: ResourceSet) { left = left - right }

    func contains(_ other: ResourceSet) -> Bool {
        other.entries.allSatisfy { wanted in
            entries.contains { $0.kind == wanted.kind && $0.quantity.contains(wanted.quantity) }
        }
    }

    /// The same resources allocated to the role, or to none.
    func allocated(to role: String?) -> ResourceSet {
        ResourceSet(
            entries.map { entry in
                var kind = entry.kind
                if let role { kind.allocationInfo.role = role } else { kind.clearAllocationInfo() }
                return Entry(kind: kind, quantity: entry.quantity)
            }
        )
    }

    /// Those that fulfil a condition on the resource in the newer format, without its quantity.
    func filter(_ condition: (MesosResource) -> Bool) -> ResourceSet {
        ResourceSet(entries.filter { condition($0.kind) })
    }

    /// The sum of all scalars of a name, whatever their reservations.
    func thousandths(_ name: String) -> Int64 {
        entries.reduce(0) { sum, entry in
            if entry.kind.name == name, case .scalar(let thousandths) = entry.quantity {
                sum + thousandths
            } else {
                sum
            }
        }
    }

    /// The union of all ranges of a name.
    func ranges(_ name: String) -> ResourceRanges {
        entries.reduce(ResourceRanges()) { sum, entry in
            if entry.kind.name == name, case .ranges(let ranges) = entry.quantity { sum.union(ranges) } else { sum }
        }
    }

    /// The names of all scalars.
    var scalarNames: [String] {
        var names: [String] = []
        for case let entry in entries where entry.kind.type == .scalar && !names.contains(entry.kind.name) {
            names.append(entry.kind.name)
        }
        return names
    }

    /// As in Mesos's messages: `cpus(allocated: *):8; ports(allocated: *):[31000-31999]`.
    var description: String { text(entries) }

    /// The description with ranges first, as resources are offered.
    var offerDescription: String { ResourceSet(messages).description }

    private func text(_ entries: [Entry]) -> String {
        entries.map { $0.kind.label + ":\($0.quantity)" }.joined(separator: "; ")
    }
}
