/// What a machine is known by.
struct Machine {
    let name: String
    let addresses: Set<NetworkAddress>

    /// This machine.
    static func own() -> Machine {
        Machine(name: MachineName.own(), addresses: NetworkAddress.own())
    }

    /// Whether a host name, or an address written as text, is this machine's. A name that cannot be resolved is another
    /// one's.
    ///
    /// - Parameter resolve: the addresses of a host; asked only if the name does not tell already.
    func isReached(as host: String, _ resolve: (String) -> [NetworkAddress]) -> Bool {
        if host.lowercased() == name.lowercased() { return true }
        return resolve(host).contains { $0.isLoopback || addresses.contains($0) }
    }
}
