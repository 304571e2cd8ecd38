import Glibc

/// The name under which other containers reach this machine.
///
/// As in Heron: the full name in Kubernetes, `HOST` in Docker if it is set, else the host name. A machine that does not
/// know its own name is `127.0.0.1` where the state is on this machine, because then everything else is, too.
func primaryHost(environment: [String: String], stateConnection: String) -> String {
    let name = hostName()
    if environment["POD_NAME"] != nil { return canonicalName(of: name) ?? name }
    if access("/.dockerenv", F_OK) == 0, let host = environment["HOST"], !host.isEmpty { return host }
    let isLocal = stateConnection.isEmpty || stateConnection == "LOCALMODE"
    return isLocal && canonicalName(of: name) == nil ? "127.0.0.1" : name
}

private func hostName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// The full name, or nil if the name cannot be resolved here.
private func canonicalName(of name: String) -> String? {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_CANONNAME
    var result: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(name, nil, &hints, &result) == 0 else { return nil }
    defer { freeaddrinfo(result) }
    return result?.pointee.ai_canonname.map { String(cString: $0) } ?? name
}
