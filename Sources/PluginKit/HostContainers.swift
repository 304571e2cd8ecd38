import PluginABI

/// Something to know about a container that no other member of its report has room for.
public struct ContainerDetail: Sendable, Hashable {
    /// What it is, for people, such as "agent"; not empty.
    public var name: String
    /// One line.
    public var value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// What a scheduler says about one of its containers; the members mean the same as in `heron/containers.h`.
public struct ContainerReport: Sendable, Hashable {
    /// Where a container stands.
    public enum State: Sendable, Hashable {
        case pending, running, backingOff, stopping, stopped

        var number: Int32 {
            switch self {
            case .pending: HERON_CONTAINER_PENDING
            case .running: HERON_CONTAINER_RUNNING
            case .backingOff: HERON_CONTAINER_BACKING_OFF
            case .stopping: HERON_CONTAINER_STOPPING
            case .stopped: HERON_CONTAINER_STOPPED
            }
        }
    }

    public var container: Int32
    public var state: State
    public var attempt: UInt32
    public var processID: Int32
    public var host: String
    public var ports: [UInt16]
    public var reason: String
    /// At most `HERON_DETAIL_LIMIT`, in the order in which they are to be shown. A host of ABI 1.0 ignores them.
    public var details: [ContainerDetail]

    public init(
        container: Int32,
        state: State,
        attempt: UInt32,
        processID: Int32 = 0,
        host: String = "",
        ports: [UInt16] = [],
        reason: String = "",
        details: [ContainerDetail] = []
    ) {
        self.container = container
        self.state = state
        self.attempt = attempt
        self.processID = processID
        self.host = host
        self.ports = ports
        self.reason = reason
        self.details = details
    }
}

extension Host {
    /// How many ports every container needs.
    public static let portCount = Int(HERON_PORT_COUNT)

    /// The command line that starts the executor of a container, the program first.
    public func executorCommand(container: Int32, ports: [UInt16]) throws -> [String] {
        let containers = try service(HERON_HOST_CONTAINERS, as: heron_containers.self)
        let arguments = Gathering()
        try check("executor_command") { host in
            arguments.fill { sink in
                ports.withUnsafeBufferPointer { ports in
                    let function = containers.pointer.pointee.executor_command
                    return function?(host, container, ports.baseAddress, ports.count, sink)
                }
            }
        }
        return arguments.texts
    }

    /// Tells the host what became of a container.
    public func report(_ report: ContainerReport) throws {
        let containers = try service(HERON_HOST_CONTAINERS, as: heron_containers.self)
        try check("changed") { host in
            report.lent { containers.pointer.pointee.changed?(host, $0) }
        }
    }
}

extension ContainerReport {
    fileprivate func lent<Result>(_ body: (UnsafePointer<heron_container>) -> Result) -> Result {
        ports.withUnsafeBufferPointer { ports in
            host.lent { host in
                reason.lent { reason in
                    details.lent { details in
                        var container = heron_container(
                            size: UInt32(MemoryLayout<heron_container>.size),
                            id: self.container,
                            state: state.number,
                            attempt: attempt,
                            pid: processID,
                            port_count: UInt32(ports.count),
                            ports: ports.baseAddress,
                            host: host,
                            reason: reason,
                            detail_count: details.count,
                            details: details.baseAddress
                        )
                        return body(&container)
                    }
                }
            }
        }
    }
}

extension [ContainerDetail] {
    /// Lends the pairs to a C function; their texts lie one after the other in one buffer.
    fileprivate func lent<Result>(_ body: (UnsafeBufferPointer<heron_pair>) -> Result) -> Result {
        let texts = flatMap { [Array<UInt8>($0.name.utf8), Array<UInt8>($0.value.utf8)] }
        return texts.flatMap { $0 }.withUnsafeBytes { bytes in
            var offset = 0
            let strings = texts.map { text in
                defer { offset += text.count }
                let start = bytes.baseAddress.map { ($0 + offset).assumingMemoryBound(to: CChar.self) }
                return heron_string(data: start, length: text.count)
            }
            let pairs = stride(from: 0, to: strings.count, by: 2).map {
                heron_pair(key: strings[$0], value: strings[$0 + 1])
            }
            return pairs.withUnsafeBufferPointer(body)
        }
    }
}
