import Glibc

/// A connection that sends the bytes that a test tells it to, and reads only when it is told to.
public final class HostileConnection: Sendable {
    private let descriptor: Int32

    /// Connects to a port of this machine.
    public init(port: Int, sending bytes: [UInt8] = []) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { [descriptor] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure(code: errno) }
        if !bytes.isEmpty { try send(bytes) }
    }

    deinit {
        close(descriptor)
    }

    /// Sends everything, or throws.
    public func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(code: errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// Ends both directions.
    public func end() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Waits until the other side has closed it; what it sends before is thrown away.
    public func waitForEnd() async throws {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            if count == 0 || count < 0 && errno != EAGAIN { return }
            if count < 0 { try await Task.sleep(for: .milliseconds(5)) }
        }
    }

    struct Failure: Error {
        let code: Int32
    }
}
