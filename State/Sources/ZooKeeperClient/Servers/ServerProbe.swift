import Glibc

/// Finds out why a server does not serve, for messages: the C client only tries on.
enum ServerProbe {
    private static let timeout = Duration.seconds(1)

    struct Report: Sendable {
        /// What is wrong with each of the servers, on one line.
        let text: String
        /// Whether nothing is found wrong with one of them.
        let hasServer: Bool
    }

    static func report(_ servers: [ZooKeeperConnection.Server]) async -> Report {
        let findings = await withTaskGroup(of: (Int, String).self) { group in
            for (index, server) in servers.enumerated() {
                group.addTask { (index, await Resolver.onThread { finding(server) }) }
            }
            return await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
        }
        return Report(
            text: servers.indices.map { "\(servers[$0]): \(findings[$0] ?? "")" }.joined(separator: "; "),
            hasServer: findings.values.contains(serves)
        )
    }

    private static func finding(_ server: ZooKeeperConnection.Server) -> String {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(server.host, "\(server.port)", &hints, &list)
        guard code == 0, let first = list else { return "unknown host (\(String(cString: gai_strerror(code))))" }
        defer { freeaddrinfo(list) }
        // Several addresses: the last finding stands for all, unless one is better.
        var result = ""
        var next: UnsafeMutablePointer<addrinfo>? = first
        while let entry = next {
            result = finding(entry.pointee)
            if result == serves { return result }
            next = entry.pointee.ai_next
        }
        return result
    }

    private static let serves = "answers, but gave no session in time"

    private static func finding(_ address: addrinfo) -> String {
        let descriptor = socket(address.ai_family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return String(cString: strerror(errno)) }
        defer { close(descriptor) }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        if connect(descriptor, address.ai_addr, address.ai_addrlen) != 0 {
            guard errno == EINPROGRESS else { return String(cString: strerror(errno)).lowercased() }
            guard wait(descriptor, Int16(POLLOUT)) else { return "no answer to a connection attempt" }
            var code: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
            guard code == 0 else { return String(cString: strerror(code)).lowercased() }
        }
        return answer(descriptor)
    }

    /// What the server says to `srvr`, a word of four letters that every ZooKeeper server knows.
    private static func answer(_ descriptor: Int32) -> String {
        guard send(descriptor, "srvr", 4, Int32(MSG_NOSIGNAL)) == 4, wait(descriptor, Int16(POLLIN)) else {
            return "accepts the connection and does not answer"
        }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return "closes the connection; is it a ZooKeeper server's port for clients?" }
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        if text.contains("not currently serving") { return "is not part of a quorum at present" }
        guard text.hasPrefix("Zookeeper version") || text.contains("whitelist") else {
            return "answers, but is not a ZooKeeper server"
        }
        return serves
    }

    private static func wait(_ descriptor: Int32, _ events: Int16) -> Bool {
        var entry = pollfd(fd: descriptor, events: events, revents: 0)
        return poll(&entry, 1, Int32(clamping: timeout.milliseconds)) == 1
    }
}
