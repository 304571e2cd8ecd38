import MesosProtocol

/// What is left of offers that are used together, resource by resource.
struct ResourceStock: Sendable {
    /// A quantity of one resource in one offer.
    private struct Piece<Quantity: Sendable>: Sendable {
        let offer: Int
        let identity: MesosResource
        var left: Quantity
    }

    private typealias Scalar = Piece<Int64>

    // What is reserved most specially comes first, then what was offered first.
    private var scalars: [String: [Scalar]] = [:]
    private var ports: [Piece<PortRanges>] = []
    /// The offers, by index, that something has been taken from.
    private(set) var used: Set<Int> = []

    /// - Parameter role: What is allocated to another one is left alone.
    init(offers: [MesosOffer], role: String) {
        var known = PortRanges()
        for (index, resource) in ResourceStock.usable(offers, role) {
            let identity = resource.identity
            if resource.name == "ports", resource.type == .ranges {
                var left = PortRanges(resource.ranges.range)
                left.subtract(known)
                known.formUnion(left)
                ports.append(Piece(offer: index, identity: identity, left: left))
            } else if resource.type == .scalar {
                let piece = Piece(offer: index, identity: identity, left: resource.thousandths)
                scalars[resource.name, default: []].append(piece)
            }
        }
    }

    private static func usable(_ offers: [MesosOffer], _ role: String) -> [(offer: Int, resource: MesosResource)] {
        let all = offers.enumerated().flatMap { index, offer in offer.resources.map { (offer: index, resource: $0) } }
        let plain = all.filter { _, resource in
            resource.isPlain && (!resource.hasAllocationInfo || resource.allocationInfo.role == role)
        }
        let depths = Set(plain.map(\.resource.reservationDepth)).sorted(by: >)
        return depths.flatMap { depth in plain.filter { $0.resource.reservationDepth == depth } }
    }

    /// All that is left.
    var amounts: Amounts {
        Amounts(
            cpus: total("cpus"),
            memory: total("mem"),
            disk: total("disk"),
            ports: Int64(ports.reduce(0) { $0 + $1.left.count }) * 1000
        )
    }

    private func total(_ name: String) -> Int64 {
        scalars[name, default: []].reduce(0) { min($0 + $1.left, Thousandths.limit) }
    }

    /// Takes out what a container needs, all of which is there.
    mutating func take(_ need: ContainerNeed) -> (resources: [MesosResource], ports: [UInt16]) {
        let wanted = Amounts(need)
        var resources = take(wanted.cpus, of: "cpus") + take(wanted.memory, of: "mem") + take(wanted.disk, of: "disk")
        let parts = takePorts(Int(wanted.ports / 1000), after: need.portsAfter)
        resources += parts.map { part in
            var resource = part.identity
            resource.ranges.range = part.quantity.message
            return resource
        }
        return (resources, parts.flatMap(\.quantity.ports).sorted())
    }

    private mutating func take(_ amount: Int64, of name: String) -> [MesosResource] {
        var pieces = scalars[name, default: []]
        var missing = amount
        var parts: [(identity: MesosResource, quantity: Int64)] = []
        for index in pieces.indices where missing > 0 && pieces[index].left > 0 {
            let taken = min(missing, pieces[index].left)
            missing -= taken
            pieces[index].left -= taken
            used.insert(pieces[index].offer)
            let identity = pieces[index].identity
            if let same = parts.firstIndex(where: { $0.identity == identity }) {
                parts[same].quantity += taken
            } else {
                parts.append((identity, taken))
            }
        }
        scalars[name] = pieces
        return parts.map { part in
            var resource = part.identity
            resource.scalar.value = Thousandths.value(part.quantity)
            return resource
        }
    }

    private mutating func takePorts(
        _ count: Int,
        after port: UInt16
    ) -> [(identity: MesosResource, quantity: PortRanges)] {
        var missing = count
        var parts: [(identity: MesosResource, quantity: PortRanges)] = []
        for index in ports.indices where missing > 0 && !ports[index].left.isEmpty {
            let taken = ports[index].left.removeFirst(missing, after: port)
            missing -= taken.count
            used.insert(ports[index].offer)
            let identity = ports[index].identity
            if let same = parts.firstIndex(where: { $0.identity == identity }) {
                parts[same].quantity.formUnion(taken)
            } else {
                parts.append((identity, taken))
            }
        }
        return parts
    }
}
