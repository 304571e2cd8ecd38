import Dispatch
import Glibc

/// Finds the addresses of an ensemble's servers, on a thread that may wait for a name server.
enum Resolver {
    /// The servers as numeric `address:port`, those that resolve, comma-separated for the C client; empty if none does.
    static func addresses(of servers: [ZooKeeperConnection.Server]) async -> String {
        await onThread { servers.flatMap(addresses).uniqued().joined(separator: ",") }
    }

    /// Runs blocking work outside of Swift's own threads.
    static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }
    }

    /// All addresses of one server; empty if its name does not resolve.
    static func addresses(of server: ZooKeeperConnection.Server) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(server.host, "\(server.port)", &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        return sequence(first: list) { $0?.pointee.ai_next }.prefix { $0 != nil }.compactMap { entry in
            entry.flatMap { numeric($0.pointee, server.port) }
        }
    }

    private static func numeric(_ entry: addrinfo, _ port: UInt16) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = getnameinfo(
            entry.ai_addr,
            entry.ai_addrlen,
            &buffer,
            socklen_t(buffer.count),
            nil,
            0,
            NI_NUMERICHOST
        )
        guard code == 0 else { return nil }
        let address = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        // The C client splits at the last colon and hands the rest to getaddrinfo, which takes no brackets.
        return "\(address):\(port)"
    }
}

extension [String] {
    fileprivate func uniqued() -> [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
