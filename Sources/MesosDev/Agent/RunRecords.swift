import Files
import Glibc
import Processes

/// Which processes an agent has started: those of one that was killed with SIGKILL are ended by the next.
struct RunRecords: Sendable {
    private let path: String

    init(_ settings: AgentSettings) {
        path = "\(settings.workDirectory)/processes"
    }

    func save(_ processes: [ProcessIdentity]) {
        let text = processes.map { "\($0)\n" }.joined()
        let temporary = path + ".new"
        do {
            try? removeFile(temporary)
            let file = try File(creating: temporary, permissions: 0o600)
            try Array(text.utf8).withUnsafeBytes { try file.write($0) }
            try file.close()
            try renameFile(temporary, to: path)
        } catch {
            // The stand-in goes on without: only a SIGKILL of it would now leave processes.
        }
    }

    /// Ends what a predecessor left.
    func endLeftovers() async {
        guard let file = try? File(reading: path), let bytes = try? file.bytes(at: 0, count: 1 << 20) else { return }
        let found = String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap {
            ProcessIdentity(String($0))
        }
        for process in found { await ProcessGroup(ledBy: process).terminate(grace: .seconds(3)) }
        try? removeFile(path)
    }
}
