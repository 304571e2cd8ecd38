import Glibc
import PluginKit

/// The nine ports of a container, kept from everybody else on this machine as long as this lives.
struct Ports: Sendable {
    let numbers: [UInt16]
    /// That hold the ports.
    private let sockets: [Descriptor]

    /// Holds free ports.
    static func reserve() throws -> Ports {
        let held = try (0..<Host.portCount).map { _ in
            guard let held = hold(0) else {
                let reason = String(cString: strerror(errno))
                throw PluginFailure(
                    .exhausted,
                    "cannot reserve ports: \(reason)",
                    hint: "free some ports or descriptors"
                )
            }
            return held
        }
        return Ports(numbers: held.map(\.port), sockets: held.map(\.socket))
    }

    /// Holds the ports of a container that runs, but those on which it listens already.
    static func retake(_ numbers: [UInt16]) -> Ports {
        Ports(numbers: numbers, sockets: numbers.compactMap { hold($0)?.socket })
    }

    /// Binds a socket to a port, or for 0 to a free one; nil and `errno` if that fails.
    ///
    /// It is bound without SO_REUSEADDR, so that nobody else can have the port, and gets it afterwards: the container's
    /// daemons, which set it too, may then listen there all the same.
    private static func hold(_ port: UInt16) -> (port: UInt16, socket: Descriptor)? {
        let number = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { return nil }
        let socket = Descriptor(number)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, size) == 0 && getsockname(number, $0, &size) == 0
            }
        }
        var yes: CInt = 1
        guard isBound,
            setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size)) == 0
        else { return nil }
        return (UInt16(bigEndian: address.sin_port), socket)
    }
}
