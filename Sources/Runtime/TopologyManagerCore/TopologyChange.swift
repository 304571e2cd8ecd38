import HeronModel

/// The changes that the controller can make to a running topology.
enum TopologyChange {
    /// The topology after a command; throws the ``ControlAnswer`` of Heron for one that is not possible.
    static func apply(_ command: ControlRequest.Command, to topology: Topology) throws(ControlAnswer) -> Topology {
        switch command {
        case .activate: try move(topology, from: .paused, to: .running)
        case .deactivate: try move(topology, from: .running, to: .paused)
        case .updateRuntimeConfig(let entries): try update(topology, entries)
        }
    }

    /// What a caller is told when the command has taken effect.
    static func successText(_ command: ControlRequest.Command) -> String {
        switch command {
        case .activate: "Topology successfully activated"
        case .deactivate: "Topology successfully deactivated"
        case .updateRuntimeConfig: "Runtime config updated"
        }
    }

    private static func move(
        _ topology: Topology,
        from start: TopologyState,
        to end: TopologyState
    ) throws(ControlAnswer) -> Topology {
        guard topology.state == start else {
            // Heron's reason phrase is empty here.
            throw ControlAnswer(400, "", detail: "the topology is \(name(topology.state)), not \(name(start))")
        }
        var changed = topology
        changed.state = end
        return changed
    }

    private static func name(_ state: TopologyState) -> String {
        switch state {
        case .running: "RUNNING"
        case .paused: "PAUSED"
        case .killed: "KILLED"
        }
    }

    private static func update(_ topology: Topology, _ entries: [String]) throws(ControlAnswer) -> Topology {
        guard !entries.isEmpty else {
            throw ControlAnswer(400, "Missing 'runtime-config' argument in the request")
        }
        var changed = topology
        for entry in entries {
            let parts = entry.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard (2...3).contains(parts.count), !parts.contains("") else {
                throw ControlAnswer(400, "Invalid runtime-config '\(entry)': expected [component:]key:value")
            }
            if parts.count == 2 {
                changed.topologyConfig.setRuntime(parts[0], parts[1])
            } else if !changed.setRuntime(parts[1], parts[2], of: parts[0]) {
                throw ControlAnswer(400, "Unknown component '\(parts[0])' in runtime-config")
            }
        }
        return changed
    }
}

extension Topology {
    /// False if there is no such component.
    fileprivate mutating func setRuntime(_ key: String, _ value: String, of component: String) -> Bool {
        if let index = spouts.firstIndex(where: { $0.comp.name == component }) {
            spouts[index].comp.config.setRuntime(key, value)
        } else if let index = bolts.firstIndex(where: { $0.comp.name == component }) {
            bolts[index].comp.config.setRuntime(key, value)
        } else {
            return false
        }
        return true
    }
}

extension TopologyConfig {
    /// A value set at run time stands beside the submitted one, under the key with `:runtime`, and without a type.
    fileprivate mutating func setRuntime(_ key: String, _ value: String) {
        var entry = KeyValue()
        entry.key = key + ":runtime"
        entry.value = value
        if let index = kvs.firstIndex(where: { $0.key == entry.key }) {
            kvs[index] = entry
        } else {
            kvs.append(entry)
        }
    }
}
