import Glibc

/// The process that holds a ZooKeeper session, as it says itself in a node below `heron-swift-sessions`.
///
/// The node is ephemeral: it ends with the session, and its owner tells which session it is about. Lines of `key=value`.
struct SessionHolder: Sendable, Hashable {
    let host: String
    let process: ProcessOwner
    /// The process ids' name space (`/proc/self/ns/pid`): in another one the pid says nothing here.
    let pidNamespace: String

    /// This process.
    static func current() throws -> SessionHolder {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return SessionHolder(host: host, process: try .current(), pidNamespace: readLink("/proc/self/ns/pid") ?? "")
    }

    /// Whether the process ran on this machine, where it can be seen, and does not run any more.
    var isKnownToBeDead: Bool {
        guard let here = try? SessionHolder.current() else { return false }
        return process.bootID == here.process.bootID && pidNamespace == here.pidNamespace && !pidNamespace.isEmpty
            && !process.isAlive
    }

    var description: String { "process \(process.pid) on host \(host)" }

    var data: [UInt8] {
        Array(
            """
            host=\(host)
            pid=\(process.pid)
            start-time=\(process.startTime)
            boot-id=\(process.bootID)
            pid-namespace=\(pidNamespace)

            """.utf8
        )
    }

    /// The holder in a node's data; nil for anything else.
    init?(data: [UInt8]) {
        guard data.count <= 4096 else { return nil }
        var values: [Substring: Substring] = [:]
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            values[parts[0]] = parts[1]
        }
        guard let host = values["host"], let pid = values["pid"].flatMap({ Int32($0) }), pid > 0,
            let start = values["start-time"].flatMap({ UInt64($0) }), let bootID = values["boot-id"],
            let namespace = values["pid-namespace"]
        else { return nil }
        self.host = host.filter { $0.isASCII && !$0.isWhitespace && $0 > " " }
        process = ProcessOwner(pid: pid, startTime: start, bootID: String(bootID), session: "")
        pidNamespace = String(namespace)
    }

    private init(host: String, process: ProcessOwner, pidNamespace: String) {
        self.host = host
        self.process = process
        self.pidNamespace = pidNamespace
    }

    private static func readLink(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 256)
        let count = readlink(path, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }
}
