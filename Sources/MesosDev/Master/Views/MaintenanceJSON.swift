import MesosProtocol

/// The maintenance schedule as JSON, the same in the API and in `/maintenance/schedule`.
enum MaintenanceJSON {
    static func schedule(_ windows: [MaintenanceWindow]) -> JSONValue {
        guard !windows.isEmpty else { return .object([]) }
        return .object([
            "windows": .array(
                windows.map { window in
                    .object([
                        "machine_ids": .array(
                            window.machines.map { machine in
                                .object([
                                    "hostname": machine.hostname.map { .string($0) },
                                    "ip": machine.address.map { .string($0) },
                                ])
                            }
                        ),
                        "unavailability": MessageJSON.value(window.unavailability),
                    ])
                }
            )
        ])
    }

    /// The windows of a schedule; nil if it is not one.
    static func windows(_ schedule: JSONValue) -> [MaintenanceWindow]? {
        guard schedule.members != nil else { return nil }
        var windows: [MaintenanceWindow] = []
        for entry in schedule["windows"]?.elements ?? [] {
            guard let unavailability = entry["unavailability"],
                let message: MesosUnavailability = try? MessageJSON.message(unavailability)
            else { return nil }
            let machines = (entry["machine_ids"]?.elements ?? []).map { machine in
                MaintenanceWindow.Machine(hostname: machine["hostname"]?.string, address: machine["ip"]?.string)
            }
            windows.append(MaintenanceWindow(machines: machines, unavailability: message))
        }
        return windows
    }
}
