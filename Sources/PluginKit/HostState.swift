import PluginABI

/// The state of all topologies, as a plugin sees it; see `heron/state.h` for paths and failures.
public struct HostState: Sendable {
    private let host: Host
    private let service: Constant<heron_state>

    /// Throws ``PluginFailure`` if the host has no state.
    init(_ host: Host) throws {
        self.host = host
        self.service = try host.service(HERON_HOST_STATE, as: heron_state.self)
    }

    /// One step of ``multi(_:)``. A nil version means any version.
    public enum Step: Sendable {
        case create(path: String, data: [UInt8], ephemeral: Bool)
        case set(path: String, data: [UInt8], version: Int32?)
        case delete(path: String, version: Int32?)
        case check(path: String, version: Int32)
    }

    /// A node's data and version, or nil if there is none.
    public func get(_ path: String) throws -> (data: [UInt8], version: Int32)? {
        let data = Gathering()
        var version: Int32 = 0
        let found = try isFound("get") { host in
            path.lent { path in data.fill { service.pointer.pointee.get?(host, path, $0, &version) } }
        }
        return found ? (data.items.first ?? [], version) : nil
    }

    /// Whether there is a node.
    public func exists(_ path: String) throws -> Bool {
        try isFound("exists") { host in path.lent { service.pointer.pointee.exists?(host, $0) } }
    }

    /// The names of a node's children, sorted.
    public func children(_ path: String) throws -> [String] {
        let names = Gathering()
        try host.check("children") { host in
            path.lent { path in names.fill { service.pointer.pointee.children?(host, path, $0) } }
        }
        return names.texts
    }

    /// Creates a node and the parents that it lacks.
    public func create(_ path: String, _ data: [UInt8], ephemeral: Bool = false) throws {
        let lifetime = ephemeral ? HERON_NODE_EPHEMERAL : HERON_NODE_PERSISTENT
        try host.check("create") { host in
            path.lent { path in data.lent { service.pointer.pointee.create?(host, path, $0, lifetime) } }
        }
    }

    /// Replaces a node's data; returns the new version.
    @discardableResult
    public func set(_ path: String, _ data: [UInt8], version: Int32? = nil) throws -> Int32 {
        var result: Int32 = 0
        try host.check("set") { host in
            path.lent { path in
                data.lent { service.pointer.pointee.set?(host, path, $0, version ?? HERON_ANY_VERSION, &result) }
            }
        }
        return result
    }

    /// Deletes a node; false if there was none.
    @discardableResult
    public func delete(_ path: String, version: Int32? = nil) throws -> Bool {
        try isFound("remove") { host in
            path.lent { service.pointer.pointee.remove?(host, $0, version ?? HERON_ANY_VERSION) }
        }
    }

    /// Performs all steps in their order, or none.
    public func multi(_ steps: [Step]) throws {
        try host.check("multi") { host in
            lend(steps[...], []) { steps in
                steps.withUnsafeBufferPointer { service.pointer.pointee.multi?(host, $0.baseAddress, $0.count) }
            }
        }
    }

    private func isFound(_ function: String, _ body: (UnsafePointer<heron_host>) -> heron_status?) throws -> Bool {
        do {
            try host.check(function, body)
            return true
        } catch let failure as PluginFailure where failure.code == .notFound {
            return false
        }
    }

    /// Lends all steps at once, one within the other.
    private func lend<Result>(
        _ steps: ArraySlice<Step>,
        _ lent: [heron_state_step],
        _ body: ([heron_state_step]) -> Result
    ) -> Result {
        guard let step = steps.first else { return body(lent) }
        return step.lent { lend(steps.dropFirst(), lent + [$0], body) }
    }
}

extension Host {
    /// The state of all topologies; throws ``PluginFailure`` if there is none here.
    public func state() throws -> HostState { try HostState(self) }
}

extension HostState.Step {
    fileprivate func lent<Result>(_ body: (heron_state_step) -> Result) -> Result {
        switch self {
        case .create(let path, let data, let ephemeral):
            let lifetime = ephemeral ? HERON_NODE_EPHEMERAL : HERON_NODE_PERSISTENT
            return lent(HERON_STATE_CREATE, path, data, HERON_ANY_VERSION, lifetime, body)
        case .set(let path, let data, let version):
            return lent(HERON_STATE_SET, path, data, version ?? HERON_ANY_VERSION, HERON_NODE_PERSISTENT, body)
        case .delete(let path, let version):
            return lent(HERON_STATE_DELETE, path, [], version ?? HERON_ANY_VERSION, HERON_NODE_PERSISTENT, body)
        case .check(let path, let version):
            return lent(HERON_STATE_CHECK, path, [], version, HERON_NODE_PERSISTENT, body)
        }
    }

    private func lent<Result>(
        _ kind: Int32,
        _ path: String,
        _ data: [UInt8],
        _ version: Int32,
        _ lifetime: Int32,
        _ body: (heron_state_step) -> Result
    ) -> Result {
        path.lent { path in
            data.lent { data in
                body(
                    heron_state_step(
                        kind: kind,
                        version: version,
                        lifetime: lifetime,
                        reserved: 0,
                        path: path,
                        data: data
                    )
                )
            }
        }
    }
}
