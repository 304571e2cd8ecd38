import Glibc
import PluginKit

/// Ports of a container, held by sockets of the thread that made them.
///
/// Each port is held by a socket that is bound and does not listen. It was bound without SO_REUSEADDR, so that the
/// kernel, and not a convention, makes sure that nobody on this machine has the port: no other scheduler, no other
/// user, no outgoing connection. Only then the socket gets SO_REUSEADDR. That lets the daemons of the container, which
/// all set this option before they bind, share the port and listen on it, while whoever looks for a free port is still
/// refused.
struct HeldPorts: Sendable {
    private var sockets: [Int32] = []
    private(set) var ports: [UInt16] = []

    /// As many free ports as a container needs; throws ``PluginFailure`` if there are too few.
    static func reserve() throws(PluginFailure) -> HeldPorts {
        var held = HeldPorts()
        for _ in 0..<Host.portCount {
            do throws(Refused) {
                try held.hold(0)
            } catch {
                held.close()
                throw PluginFailure(
                    .exhausted,
                    "cannot reserve \(Host.portCount) ports for a container: \(error.reason)",
                    hint: "free some ports (net.ipv4.ip_local_port_range) or descriptors (ulimit -n)"
                )
            }
        }
        return held
    }

    /// As many as possible of ports that a container uses already: those on which it listens cannot be held, and need
    /// not be.
    static func retake(_ ports: [UInt16]) -> HeldPorts {
        var held = HeldPorts()
        for port in ports where port != 0 { try? held.hold(port) }
        return held
    }

    func close() {
        for socket in sockets { Glibc.close(socket) }
    }

    private struct Refused: Error {
        let code: Int32
        var reason: String { String(cString: strerror(code)) }
    }

    /// Binds one more socket: to a port, or for 0 to any free one.
    private mutating func hold(_ port: UInt16) throws(Refused) {
        // An IPv6 socket covers IPv4 too; without IPv6 in the kernel only IPv4 is left to cover.
        var family = AF_INET6
        var number = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        if number < 0 && errno == EAFNOSUPPORT {
            family = AF_INET
            number = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        }
        guard number >= 0 else { throw Refused(code: errno) }
        do throws(Refused) {
            if family == AF_INET6 { try set(number, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
            let bound = family == AF_INET6 ? bindIPv6(number, port) : bindIPv4(number, port)
            guard let bound else { throw Refused(code: errno) }
            try set(number, SOL_SOCKET, SO_REUSEADDR, 1)
            sockets.append(number)
            ports.append(bound)
        } catch {
            Glibc.close(number)
            throw error
        }
    }

    private func set(_ socket: Int32, _ level: Int32, _ option: Int32, _ value: Int32) throws(Refused) {
        var value = value
        let size = socklen_t(MemoryLayout<Int32>.size)
        guard setsockopt(socket, level, option, &value, size) == 0 else { throw Refused(code: errno) }
    }

    /// The port that the socket got, or nil with `errno` set.
    private func bindIPv6(_ socket: Int32, _ port: UInt16) -> UInt16? {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        return bind(socket, &address) ? UInt16(bigEndian: address.sin6_port) : nil
    }

    private func bindIPv4(_ socket: Int32, _ port: UInt16) -> UInt16? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        return bind(socket, &address) ? UInt16(bigEndian: address.sin_port) : nil
    }

    /// Binds to an address and stores the one that the socket really got.
    private func bind<Address>(_ socket: Int32, _ address: inout Address) -> Bool {
        var size = socklen_t(MemoryLayout<Address>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                Glibc.bind(socket, pointer, size) == 0 && getsockname(socket, pointer, &size) == 0
            }
        }
    }
}
