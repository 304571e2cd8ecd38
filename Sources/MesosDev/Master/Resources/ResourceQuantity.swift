import MesosProtocol

/// How much of a resource there is. Scalars are counted in thousandths, as Mesos does, so that sums are exact.
enum ResourceQuantity: Hashable, Sendable, CustomStringConvertible {
    case scalar(thousandths: Int64)
    case ranges(ResourceRanges)
    case set(Set<String>)

    /// - Precondition: ``ResourceValidation`` has found nothing wrong with the resource.
    init(_ resource: MesosResource) {
        switch resource.type {
        case .ranges: self = .ranges(ResourceRanges(resource.ranges.range.map { $0.begin...$0.end }))
        case .set: self = .set(Set(resource.set.item))
        case .scalar, .text: self = .scalar(thousandths: Self.thousandths(resource.scalar.value))
        }
    }

    /// The value in thousandths, rounded as Mesos rounds.
    static func thousandths(_ value: Double) -> Int64 {
        let scaled = (value * 1000).rounded()
        return Int64(exactly: scaled) ?? (scaled < 0 ? .min : .max)
    }

    var isEmpty: Bool {
        switch self {
        case .scalar(let thousandths): thousandths == 0
        case .ranges(let ranges): ranges.isEmpty
        case .set(let items): items.isEmpty
        }
    }

    func adding(_ other: ResourceQuantity) -> ResourceQuantity {
        switch (self, other) {
        case (.scalar(let left), .scalar(let right)): .scalar(thousandths: left + right)
        case (.ranges(let left), .ranges(let right)): .ranges(left.union(right))
        case (.set(let left), .set(let right)): .set(left.union(right))
        default: self
        }
    }

    /// What is left when `other` is taken away; never less than nothing.
    func subtracting(_ other: ResourceQuantity) -> ResourceQuantity {
        switch (self, other) {
        case (.scalar(let left), .scalar(let right)): .scalar(thousandths: max(0, left - right))
        case (.ranges(let left), .ranges(let right)): .ranges(left.subtracting(right))
        case (.set(let left), .set(let right)): .set(left.subtracting(right))
        default: self
        }
    }

    func contains(_ other: ResourceQuantity) -> Bool {
        switch (self, other) {
        case (.scalar(let left), .scalar(let right)): left >= right
        case (.ranges(let left), .ranges(let right)): right.isSubset(of: left)
        case (.set(let left), .set(let right)): right.isSubset(of: left)
        default: false
        }
    }

    /// Writes the quantity into a resource that has none.
    func write(to resource: inout MesosResource) {
        switch self {
        case .scalar(let thousandths): resource.scalar.value = Double(thousandths) / 1000
        case .ranges(let ranges):
            resource.ranges.range = ranges.ranges.map { range in
                .with {
                    $0.begin = range.lowerBound
                    $0.end = range.upperBound
                }
            }
        case .set(let items): resource.set.item = items.sorted()
        }
    }

    /// As Mesos prints it: `7.999`, `[31000-31999]`, `{a, b}`.
    var description: String {
        switch self {
        case .scalar(let thousandths): Self.decimal(thousandths)
        case .ranges(let ranges): "\(ranges)"
        case .set(let items): "{" + items.sorted().joined(separator: ", ") + "}"
        }
    }

    private static func decimal(_ thousandths: Int64) -> String {
        let sign = thousandths < 0 ? "-" : ""
        let (whole, rest) = thousandths.magnitude.quotientAndRemainder(dividingBy: 1000)
        guard rest > 0 else { return "\(sign)\(whole)" }
        var digits = String(rest + 1000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(sign)\(whole).\(digits)"
    }
}
