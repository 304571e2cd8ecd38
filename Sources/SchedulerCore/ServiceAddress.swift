import HeronConfig
import HeronState

/// Where a scheduler service listens, and under which name others find it.
///
/// With its state in local files it serves its own machine only; with ZooKeeper any machine may run a command, so it
/// listens on all interfaces. Both can be set.
public struct ServiceAddress: Sendable, Hashable {
    /// The address to bind.
    public var bind: String
    /// A host name or address.
    public var host: String
    /// 0 for a free one.
    public var port: Int

    private static let addressKey = Config.Key<String>("heron.scheduler.http.address")
    private static let hostKey = Config.Key<String>("heron.scheduler.http.host")
    private static let portKey = Config.Key<Int>("heron.scheduler.http.port")

    /// The address that a configuration asks for. Blocks if this machine's name has to be looked up. Throws
    /// ``SchedulingError`` and `ConfigError`.
    ///
    /// - Parameter port: overrides the configuration's; nil for that one.
    public init(_ config: Config, port: Int? = nil) throws {
        let key = port == nil ? ServiceAddress.portKey.name : "--http_port"
        let chosen: Int = try port ?? config.find(ServiceAddress.portKey) ?? 0
        guard (0...Int(UInt16.max)).contains(chosen) else {
            throw SchedulingError("\(key) is \(chosen), which is no port", hint: "use 1 to 65535, or 0 for a free one")
        }
        self.port = chosen
        let address: String? = try config.find(ServiceAddress.addressKey)
        bind = try address ?? (ServiceAddress.keepsStateHere(config) ? "127.0.0.1" : "0.0.0.0")
        guard ["0.0.0.0", "::"].contains(bind) || IPAddress(bind) != nil else {
            throw SchedulingError(
                "\(ServiceAddress.addressKey.name) is '\(bind)', which is no IP address",
                hint: "use an address of this machine, or 0.0.0.0 for all of them"
            )
        }
        host = try config.find(ServiceAddress.hostKey) ?? ServiceAddress.publishedHost(bind)
        guard ServiceAddress.isHost(host) else {
            throw SchedulingError(
                "\(ServiceAddress.hostKey.name) is '\(host)', which is neither a host name nor an IP address",
                hint: "use the name by which other machines reach this one, without a port"
            )
        }
    }

    /// `host:port` for clients, once the service listens on a port; an IPv6 address is put in brackets.
    public func endpoint(port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private static func keepsStateHere(_ config: Config) throws -> Bool {
        try StateSettings(keys: config.texts).isOnThisMachine
    }

    /// How others reach a service that is bound to an address.
    private static func publishedHost(_ bind: String) -> String {
        let isAny = bind == "0.0.0.0" || bind == "::"
        guard isAny else { return bind }
        let own = NetworkInterface.reachableAddresses().filter { bind == "::" || !$0.isIPv6 }
        let name = ServiceRecord.ownHost()
        // Another machine may have the name too; only one that leads here is worth publishing.
        if !Set(IPAddress.resolve(name)).isDisjoint(with: own), isHost(name) { return name }
        return own.first?.text ?? "127.0.0.1"
    }

    /// A name of letters, digits, dots, hyphens and underscores (RFC 1123, and what is found in practice), or an address.
    private static func isHost(_ text: String) -> Bool {
        let letters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._".utf8)
        let isName = !text.isEmpty && text.utf8.count <= 253 && text.utf8.allSatisfy(letters.contains)
        return isName && !text.hasPrefix("-") && !text.hasPrefix(".") || IPAddress(text) != nil
    }
}
