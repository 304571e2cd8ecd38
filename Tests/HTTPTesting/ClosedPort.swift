import Glibc

/// A port of this machine at which nobody listens, and which nobody else gets as long as the value lives.
public final class ClosedPort: Sendable {
    public let number: Int
    private let holder: Int32

    public init() throws {
        holder = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // Bound, but never told to listen.
        let result = withUnsafeMutablePointer(to: &address) { [holder] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(holder, $0, length) | getsockname(holder, $0, &length)
            }
        }
        number = Int(UInt16(bigEndian: address.sin_port))
        guard holder >= 0, result == 0 else { throw Unavailable(code: errno) }
    }

    deinit {
        close(holder)
    }

    struct Unavailable: Error {
        let code: Int32
    }
}
