import HeronModel

/// A topology's own settings (`topology.*`) that the executor's command line carries.
struct TopologySettings {
    private let values: [String: String]

    init(_ topology: Topology) {
        // Serialized Java and Python objects have no text. Where a key occurs twice, the last one counts.
        let texts = topology.topologyConfig.kvs.filter(\.hasValue).map { ($0.key, $0.value) }
        values = Dictionary(texts, uniquingKeysWith: { $1 })
    }

    subscript(key: String) -> String? { values[key] }

    /// Whether the topology's state is checkpointed.
    var isStateful: Bool { values["topology.reliability.mode"] == "EFFECTIVELY_ONCE" }

    /// The checkpoint manager's heap, in bytes: 1 GiB unless set. Throws ``ExecutorCommandError``.
    func checkpointManagerRAM() throws -> Int64 {
        let key = "topology.stateful.checkpointmanager.ram"
        guard let text = values[key] else { return 1 << 30 }
        guard let bytes = Int64(text), bytes > 0 else {
            throw ExecutorCommandError("\(key) of the topology must be a number of bytes, but is '\(text)'")
        }
        return bytes
    }
}
