import HeronState
import PluginABI

extension HostTable {
    /// The service `heron.host.state/1`.
    static let state = ABITable.immortal(
        heron_state(
            size: UInt32(MemoryLayout<heron_state>.size),
            reserved: 0,
            get: { host, path, sink, version in
                HostTable.withState(host, path) { state, path in
                    guard let node = try waiting({ try await state.get(path) }) else { return HERON_NOT_FOUND }
                    version?.pointee = node.version
                    sink.put(node.data)
                    return HERON_OK
                }
            },
            exists: { host, path in
                HostTable.withState(host, path) { state, path in
                    try waiting { try await state.get(path) != nil } ? HERON_OK : HERON_NOT_FOUND
                }
            },
            children: { host, path, sink in
                HostTable.withState(host, path) { state, path in
                    for name in try waiting({ try await state.children(path) }) { sink.put(name) }
                    return HERON_OK
                }
            },
            create: { host, path, data, lifetime in
                let bytes = data.bytes
                return HostTable.withState(host, path) { state, path in
                    let lifetime = try HostTable.lifetime(lifetime)
                    try waiting { try await state.create(path, bytes, lifetime) }
                    return HERON_OK
                }
            },
            set: { host, path, data, expected, version in
                let bytes = data.bytes
                return HostTable.withState(host, path) { state, path in
                    let expected = HostTable.version(expected)
                    let node = try waiting { try await state.set(path, bytes, version: expected) }
                    version?.pointee = node.version
                    return HERON_OK
                }
            },
            remove: { host, path, expected in
                HostTable.withState(host, path) { state, path in
                    let expected = HostTable.version(expected)
                    return try waiting { try await state.delete(path, version: expected) } ? HERON_OK : HERON_NOT_FOUND
                }
            },
            multi: { host, steps, count in
                HostTable.serve(host) { table in
                    let operations = try UnsafeBufferPointer(start: steps, count: count).map(HostTable.operation)
                    let state = try table.requireState()
                    try waiting { try await state.multi(operations) }
                    return HERON_OK
                }
            },
            watch: { host, path, watcher, context, watch in
                HostTable.serve(host) { table in
                    guard let watcher else { throw HostFailure(HERON_INVALID_ARGUMENT, "a watch needs a watcher") }
                    let receiver = StateWatches.Receiver(function: watcher, context: context)
                    let path = try HostTable.path(path)
                    let id = table.watches.add(try table.requireState(), path, receiver)
                    watch?.pointee = id
                    return HERON_OK
                }
            },
            unwatch: { host, watch in HostTable.of(host)?.watches.remove(watch) }
        )
    )

    private static func withState(
        _ host: UnsafePointer<heron_host>?,
        _ path: heron_string,
        _ body: (any StateManager, StatePath) throws -> heron_status
    ) -> heron_status {
        serve(host) { table in try body(try table.requireState(), try HostTable.path(path)) }
    }

    private func requireState() throws -> any StateManager {
        guard let state = services.state else { throw HostFailure(HERON_UNSUPPORTED, "there is no state here") }
        return state
    }

    private static func path(_ text: heron_string) throws -> StatePath {
        try StatePath(text.text.split(separator: "/", omittingEmptySubsequences: false).map(String.init))
    }

    private static func version(_ number: Int32) -> Int32? {
        number == HERON_ANY_VERSION ? nil : number
    }

    private static func lifetime(_ number: Int32) throws -> NodeLifetime {
        switch number {
        case HERON_NODE_PERSISTENT: return .persistent
        case HERON_NODE_EPHEMERAL: return .ephemeral
        default: throw HostFailure(HERON_INVALID_ARGUMENT, "\(number) is not the lifetime of a state node")
        }
    }

    private static func operation(_ step: heron_state_step) throws -> StateOperation {
        let path = try path(step.path)
        switch step.kind {
        case HERON_STATE_CREATE: return .create(path, step.data.bytes, try lifetime(step.lifetime))
        case HERON_STATE_SET: return .set(path, step.data.bytes, version: version(step.version))
        case HERON_STATE_DELETE: return .delete(path, version: version(step.version))
        case HERON_STATE_CHECK: return .check(path, version: step.version)
        default: throw HostFailure(HERON_INVALID_ARGUMENT, "\(step.kind) is not a kind of state step")
        }
    }
}
