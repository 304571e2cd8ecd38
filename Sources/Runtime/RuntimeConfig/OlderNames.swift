/// Key names of Heron before 0.20.3, when the topology manager was called tmaster.
enum OlderNames {
    /// Today's name of a key.
    static func current(_ key: String) -> String {
        if key == "heron.tmaster.network.master.options.maximum.packet.mb" {
            return "heron.tmanager.network.server.options.maximum.packet.mb"
        }
        let parts = key.split(separator: ".", omittingEmptySubsequences: false)
        return parts.map { $0 == "tmaster" ? "tmanager" : $0 }.joined(separator: ".")
    }
}
