import Dispatch
import Glibc

/// TCP on 127.0.0.1, as far as tests need it.
enum Loopback {
    /// For `send`: an error instead of SIGPIPE.
    static let noSignal = Int32(MSG_NOSIGNAL)

    /// A bound socket that does not listen yet, and its port.
    ///
    /// The port is below those that the system gives to outgoing connections: a client that tries again and again to
    /// reach a port nobody listens on could be given that port itself, and would talk to itself.
    static func bind() throws -> (socket: Int32, port: Int) {
        let socket = try self.socket(0)
        for _ in 0..<100 {
            let port = Int.random(in: 10_000..<30_000)
            if withAddress(port, { Glibc.bind(socket, $0, $1) }) == 0 { return (socket, port) }
        }
        close(socket)
        throw TestFailure("no free port")
    }

    /// Ports that are free now, all different.
    static func freePorts(_ count: Int) throws -> [Int] {
        var bound: [(socket: Int32, port: Int)] = []
        defer { for (socket, _) in bound { close(socket) } }
        for _ in 0..<count { bound.append(try bind()) }
        return bound.map(\.port)
    }

    /// Connects a blocking socket, with a limit for each later read and write.
    static func connect(_ port: Int, secondsPerCall: Int = 5) throws -> Int32 {
        let socket = try self.socket(0)
        var limit = timeval(tv_sec: secondsPerCall, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(socket, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        guard withAddress(port, { Glibc.connect(socket, $0, $1) }) == 0 else {
            defer { close(socket) }
            throw TestFailure("connect to port \(port): \(String(cString: strerror(errno)))")
        }
        return socket
    }

    /// Begins to connect, without waiting; nil if it has failed already.
    static func beginConnect(_ port: Int) throws -> Int32? {
        let socket = try self.socket(Int32(SOCK_NONBLOCK.rawValue))
        if withAddress(port, { Glibc.connect(socket, $0, $1) }) == 0 || errno == EINPROGRESS { return socket }
        close(socket)
        return nil
    }

    /// Sends a request and gives back all that is answered until the other side closes the connection; throws if it
    /// is silent for two seconds.
    static func exchange(_ port: Int, _ request: String) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "exchange").async {
                continuation.resume(with: Result { try blockingExchange(port, Array(request.utf8)) })
            }
        }
    }

    private static func blockingExchange(_ port: Int, _ request: [UInt8]) throws -> String {
        let socket = try connect(port, secondsPerCall: 2)
        defer { close(socket) }
        guard send(socket, request, request.count, noSignal) == request.count else {
            throw TestFailure("cannot send to port \(port)")
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count >= 0 else { throw TestFailure("port \(port): \(String(cString: strerror(errno)))") }
            if count == 0 { return String(decoding: answer, as: UTF8.self) }
            answer += buffer[..<count]
        }
    }

    private static func socket(_ flags: Int32) throws -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | flags, 0)
        guard socket >= 0 else { throw TestFailure("socket: \(errno)") }
        return socket
    }

    private static func withAddress<Result>(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result)
        -> Result
    {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
