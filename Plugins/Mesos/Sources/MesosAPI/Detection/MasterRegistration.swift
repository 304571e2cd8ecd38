import MesosProtocol

/// A master's node in ZooKeeper: `json.info_` and a sequence number (Mesos 0.24 and later).
struct MasterRegistration: Sendable, Hashable {
    let name: String
    /// Without the number; empty where there is nothing else.
    let label: Substring
    /// Wraps to negative numbers after the largest.
    let sequence: Int32

    /// Nil if the node is none of a master, like the replicated log's.
    init?(name: String) {
        let number = name.lastIndex(of: "_").map { name[name.index(after: $0)...] } ?? name[...]
        guard let sequence = Int32(number) else { return nil }
        self.name = name
        self.sequence = sequence
        label = name.dropLast(number.count).prefix { $0 != "_" }
    }

    /// The one that leads: that of the smallest number, whatever its label.
    static func leader(among names: [String]) -> MasterRegistration? {
        names.compactMap(MasterRegistration.init).min { $0.sequence < $1.sequence }
    }

    /// Where the master listens; nil if the node's data do not say.
    func endpoint(_ data: [UInt8], usesTLS: Bool) -> MesosEndpoint? {
        guard label == "json.info" else { return nil }
        var options = JSONDecodingOptions()
        options.ignoreUnknownFields = true
        guard let info = try? MesosMasterInfo(jsonUTF8Bytes: data, options: options) else { return nil }
        return info.endpoint(usesTLS: usesTLS)
    }
}

extension MesosMasterInfo {
    /// Certificates are for names; else the address that the master binds is the better one, as names may mean nothing
    /// here.
    func endpoint(usesTLS: Bool) -> MesosEndpoint? {
        let scheme: MesosEndpoint.Scheme = usesTLS ? .https : .http
        let named = endpoint(scheme, address.hasHostname ? address.hostname : hostname)
        let numbered = endpoint(scheme, address.ip)
        let bound = pid.lastIndex(of: "@").flatMap {
            try? MesosEndpoint(parsing: pid[pid.index(after: $0)...], scheme: scheme)
        }
        return (usesTLS ? named : nil) ?? numbered ?? bound ?? named ?? endpoint(scheme, dottedIP)
    }

    private func endpoint(_ scheme: MesosEndpoint.Scheme, _ host: String) -> MesosEndpoint? {
        guard !host.isEmpty, let number = UInt16(exactly: address.hasPort ? Int(address.port) : Int(port)), number > 0
        else { return nil }
        let text = host.contains(":") ? "[\(host)]" : host
        guard let parsed = try? MesosEndpoint(parsing: text[...], scheme: scheme) else { return nil }
        return MesosEndpoint(scheme: scheme, host: parsed.host, port: number)
    }

    /// The number `ip`, whose least significant byte comes first.
    private var dottedIP: String {
        guard hasIp, ip != 0 else { return "" }
        return (0..<4).map { String(ip >> (8 * UInt32($0)) & 0xFF) }.joined(separator: ".")
    }
}
