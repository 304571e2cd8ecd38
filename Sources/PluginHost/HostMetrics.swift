import PluginABI

extension HostTable {
    /// The service `heron.host.metrics/1`.
    static let metrics = ABITable.immortal(
        heron_metrics(
            size: UInt32(MemoryLayout<heron_metrics>.size),
            reserved: 0,
            add: { host, name, amount in
                HostTable.serve(host) { table in
                    table.services.addToCounter(try table.metric(name.text), amount)
                    return HERON_OK
                }
            },
            set: { host, name, value in
                HostTable.serve(host) { table in
                    table.services.setGauge(try table.metric(name.text), value)
                    return HERON_OK
                }
            }
        )
    )

    /// The full name of a metric: the plugin's name in front, so that two plugins cannot meet.
    private func metric(_ name: String) throws -> String {
        let isFirst: (UInt8) -> Bool = { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        let isLater: (UInt8) -> Bool = {
            isFirst($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
        }
        guard let first = name.utf8.first, isFirst(first), name.utf8.count <= 64, name.utf8.allSatisfy(isLater) else {
            throw HostFailure(HERON_INVALID_ARGUMENT, "'\(name)' cannot be the name of a metric")
        }
        return plugin.map { $0 == "-" ? "_" : String($0) }.joined() + "_" + name
    }
}
