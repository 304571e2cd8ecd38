import MesosProtocol

/// What a master finds wrong with resources that a framework sends, in Mesos's words.
enum ResourceValidation {
    /// The first error of any of the resources, nil if there is none.
    static func error(in resources: [MesosResource]) -> String? {
        for resource in resources {
            if let reason = reason(resource) {
                return "Resource '\(label(resource))' is invalid: \(reason)"
            }
        }
        return nil
    }

    private static func label(_ resource: MesosResource) -> String {
        let name = resource.inNewFormat.label
        guard resource.type != .scalar else { return "\(name):\(ResourceQuantity(resource))" }
        // The quantity of an invalid range cannot be formed.
        return name
    }

    private static func reason(_ resource: MesosResource) -> String? {
        if resource.name.isEmpty { return "Empty resource name" }
        if resource.hasReservation, resource.role == "*" {
            return "Invalid reservation: role \"*\" cannot be dynamically reserved"
        }
        if !resource.reservations.isEmpty, resource.role != "*" || resource.hasReservation {
            return "Setting deprecated 'role' or 'reservation' along with 'reservations' is invalid"
        }
        switch resource.type {
        case .scalar: return scalarReason(resource)
        case .ranges: return rangesReason(resource)
        case .set: return setReason(resource)
        case .text: return "Unsupported resource type"
        }
    }

    private static func scalarReason(_ resource: MesosResource) -> String? {
        guard resource.hasScalar, !resource.hasRanges, !resource.hasSet, resource.scalar.value.isFinite else {
            return "Invalid scalar resource"
        }
        if resource.scalar.value < 0 { return "Invalid scalar resource: value <= 0" }
        if resource.scalar.value > 0, ResourceQuantity.thousandths(resource.scalar.value) == 0 {
            return "Invalid scalar resource: value rounds to 0"
        }
        if resource.name == "gpus", resource.scalar.value != resource.scalar.value.rounded() {
            return "The 'gpus' resource must be an unsigned integer"
        }
        return nil
    }

    private static func rangesReason(_ resource: MesosResource) -> String? {
        guard resource.hasRanges, !resource.hasScalar, !resource.hasSet else { return "Invalid ranges resource" }
        guard resource.ranges.range.allSatisfy({ $0.begin <= $0.end }) else {
            return "Invalid ranges resource: begin > end"
        }
        let sorted = resource.ranges.range.sorted { $0.begin < $1.begin }
        guard zip(sorted, sorted.dropFirst()).allSatisfy({ $0.end < $1.begin }) else {
            return "Invalid ranges resource: overlapping ranges"
        }
        return nil
    }

    private static func setReason(_ resource: MesosResource) -> String? {
        guard resource.hasSet, !resource.hasScalar, !resource.hasRanges else { return "Invalid set resource" }
        return Set(resource.set.item).count == resource.set.item.count
            ? nil : "Invalid set resource: duplicated elements"
    }
}
