import PluginABI

extension HostTable {
    /// The service `heron.host.containers/1`.
    static let containers = ABITable.immortal(
        heron_containers(
            size: UInt32(MemoryLayout<heron_containers>.size),
            reserved: 0,
            executor_command: { host, container, ports, count, sink in
                HostTable.serve(host) { table in
                    let ports = try HostTable.ports(ports, count)
                    let services = table.services
                    let command = try waiting { try await services.executorCommand(container: container, ports: ports) }
                    for argument in command { sink.put(argument) }
                    return HERON_OK
                }
            },
            changed: { host, container in
                HostTable.serve(host) { table in
                    guard let container else { throw HostFailure(HERON_INVALID_ARGUMENT, "a container is missing") }
                    let status = try HostTable.status(ABITable.copy(container))
                    let services = table.services
                    try waiting { await services.containerChanged(status) }
                    return HERON_OK
                }
            }
        )
    )

    private static func ports(_ ports: UnsafePointer<UInt16>?, _ count: Int) throws -> ContainerPorts {
        guard let ports = ContainerPorts(Array(UnsafeBufferPointer(start: ports, count: ports == nil ? 0 : count)))
        else {
            throw HostFailure(HERON_INVALID_ARGUMENT, "a container needs \(HERON_PORT_COUNT) ports, none of them 0")
        }
        return ports
    }

    private static func status(_ container: heron_container) throws -> ContainerStatus {
        guard let state = ContainerStatus.State(rawValue: container.state) else {
            throw HostFailure(HERON_INVALID_ARGUMENT, "\(container.state) is not a state of a container")
        }
        return ContainerStatus(
            container: container.id,
            state: state,
            attempt: container.attempt,
            processID: container.pid,
            host: container.host.text,
            ports: container.port_count == 0 ? nil : try ports(container.ports, Int(container.port_count)),
            reason: container.reason.text,
            details: try details(container)
        )
    }

    private static func details(_ container: heron_container) throws -> [ContainerDetail] {
        guard let pairs = container.details else { return [] }
        guard container.detail_count <= Int(HERON_DETAIL_LIMIT) else {
            throw HostFailure(
                HERON_INVALID_ARGUMENT,
                "container \(container.id) has \(container.detail_count) details, more than \(HERON_DETAIL_LIMIT)"
            )
        }
        return try UnsafeBufferPointer(start: pairs, count: container.detail_count).map { pair in
            guard pair.key.length > 0 else {
                throw HostFailure(HERON_INVALID_ARGUMENT, "a detail of container \(container.id) has no name")
            }
            return ContainerDetail(name: pair.key.text, value: pair.value.text)
        }
    }
}
