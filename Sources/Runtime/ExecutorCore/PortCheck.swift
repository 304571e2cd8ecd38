import Glibc

/// Whether the processes of a container can listen on the ports that it was given.
///
/// A port that somebody else has would keep one of them from ever starting; another place, or other ports, may do.
enum PortCheck {
    /// Nil if all are free; else one line that names the first that is not.
    static func trouble(with ports: [(name: String, port: UInt16)]) -> String? {
        for (name, port) in ports {
            guard let code = errorOfBinding(to: port) else { continue }
            return
                "\(ExecutorError.system("cannot use port \(port), which this container was given for \(name)", code))"
        }
        return nil
    }

    /// As the processes will: on all addresses, and regardless of connections that linger. Without listening: others may
    /// be looking at the same time.
    private static func errorOfBinding(to port: UInt16) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var yes: Int32 = 1
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size)) == 0
                    && bind(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        return isBound ? nil : errno
    }
}

extension ExecutorOptions {
    /// The ports that the processes of this container listen on, with the names of what they are for.
    var usedPorts: [(name: String, port: UInt16)] {
        shard == 0
            ? [
                ("stream managers", serverPort), ("commands", tmanagerControllerPort),
                ("statistics", tmanagerStatsPort), ("heron-shell", shellPort),
            ]
            : [
                ("stream managers", serverPort), ("instances", tmanagerControllerPort), ("heron-shell", shellPort),
            ]
    }
}
