import MesosProtocol

/// The two formats of reservations: `role` and `reservation`, or since Mesos 1.4 the stack `reservations`.
extension MesosResource {
    /// The resource with its reservations in `reservations`.
    var inNewFormat: MesosResource {
        var resource = self
        if resource.reservations.isEmpty, resource.role != "*" {
            var reservation: MesosResource.ReservationInfo = resource.reservation
            reservation.type = hasReservation ? .dynamic : .static
            reservation.role = resource.role
            resource.reservations = [reservation]
        }
        resource.clearRole()
        resource.clearReservation()
        if !resource.allocationInfo.hasRole { resource.clearAllocationInfo() }
        return resource
    }

    /// The resource for a framework without RESERVATION_REFINEMENT; nil if the older format cannot express it.
    var inOldFormat: MesosResource? {
        var resource = self
        resource.reservations = []
        switch reservations.count {
        case 0: resource.role = "*"
        case 1:
            resource.role = reservations[0].role
            if reservations[0].type == .dynamic {
                resource.reservation = reservations[0]
                resource.reservation.clearType()
                resource.reservation.clearRole()
            }
        default: return nil
        }
        return resource
    }

    /// What has to be equal for two resources to be of one kind.
    var withoutQuantity: MesosResource {
        var kind = self
        kind.clearScalar()
        kind.clearRanges()
        kind.clearSet()
        return kind
    }

    /// The role it is reserved for, nil if for none; of a resource in the newer format.
    var reservationRole: String? { reservations.last?.role }

    /// The name with allocation and reservations, as in Mesos's messages; of a resource in the newer format.
    var label: String {
        var text = name
        if allocationInfo.hasRole { text += "(allocated: \(allocationInfo.role))" }
        guard !reservations.isEmpty else { return text }
        let stack: [String] = reservations.map { reservation in
            let principal = reservation.hasPrincipal ? ",\(reservation.principal)" : ""
            return "(\(reservation.type == .static ? "STATIC" : "DYNAMIC"),\(reservation.role)\(principal))"
        }
        return text + "(reservations: [" + stack.joined(separator: ",") + "])"
    }
}
