import CLinux
import Glibc
import PluginKit

/// What a container's processes are known by, beside the working directory.
struct Label: Sendable {
    let container: Int32
    let attempt: UInt32
    let ports: [UInt16]

    init(container: Int32, attempt: UInt32, ports: [UInt16]) {
        self.container = container
        self.attempt = attempt
        self.ports = ports
    }

    /// Reads what ``text(_:)`` wrote; nil for anything else, and for another directory.
    init?(text: String, directory: String) {
        let parts = text.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[3] == directory, let container = Int32(parts[0]), let attempt = UInt32(parts[1])
        else { return nil }
        let ports = parts[2].split(separator: ",").compactMap { UInt16($0) }
        guard ports.count == Host.portCount else { return nil }
        self.init(container: container, attempt: attempt, ports: ports)
    }

    func text(_ directory: String) -> String {
        "\(container) \(attempt) \(ports.map(String.init).joined(separator: ",")) \(directory)"
    }
}

/// Containers as processes of this machine.
///
/// This is the part to replace by your cluster: start a container, notice that it ended, end it, and find again what
/// runs. Whatever a cluster calls a job's name or label is an environment variable here: it says to which container a
/// process belongs, so that any process on this machine can find them, without a record that could be wrong.
struct Processes: Sendable {
    let directory: String

    /// A process, kept apart from later ones with the same id.
    struct Found: Sendable {
        let pid: pid_t
        /// Becomes readable when the process ends.
        let handle: Descriptor

        var hasEnded: Bool { handle.isReadable }

        /// Ends the process, if it has not ended by itself; says how it ended.
        func reap() -> String {
            var code: CInt = 0
            _ = linux_signal(handle.number, SIGKILL)
            // Another process started it: only that one is told more.
            guard linux_wait(handle.number, &code) != 0 else { return "its executor ended" }
            return code < 0
                ? "its executor was ended by signal \(-code)" : "its executor ended with status \(code)"
        }
    }

    /// The variable that all processes of a container inherit.
    private static let variable = "heron_@IDENTIFIER@_container="
    /// The credentials of whoever runs a command: no executor may get them.
    private static let credentials = "HERON_ZOOKEEPER_AUTH="

    /// Starts a program, with a session of its own and its output in a file.
    func start(_ label: Label, _ arguments: [String]) throws -> Found {
        let environment =
            [Processes.variable + label.text(directory)]
            + Processes.environment().filter {
                !$0.hasPrefix(Processes.variable) && !$0.hasPrefix(Processes.credentials)
            }
        let log = "heron-executor-\(label.container).stderr"
        var pid: pid_t = 0
        let code = withCStrings(arguments) { arguments in
            withCStrings(environment) { linux_spawn(directory, arguments, $0, log, &pid) }
        }
        guard code == 0 else { throw systemFailure("cannot run \(arguments[0]) in \(directory)", code) }
        do {
            let handle = linux_open(pid)
            guard handle >= 0 else { throw systemFailure("cannot watch process \(pid)") }
            let started = Found(pid: pid, handle: Descriptor(handle))
            try waitUntilFound(started)
            return started
        } catch {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
            throw error
        }
    }

    /// The label of a process cannot be seen while it executes a program.
    private func waitUntilFound(_ process: Found) throws {
        let limit = ContinuousClock.now + .seconds(1)
        while label(of: process.pid) == nil && !process.hasEnded {
            guard ContinuousClock.now < limit else {
                throw PluginFailure(.failed, "cannot read /proc/\(process.pid)/environ")
            }
            usleep(1000)
        }
    }

    /// The executors that run in the directory.
    func executors() -> [(Label, Found)] {
        all().filter { getsid($0.1.pid) == $0.1.pid }
    }

    /// Ends the processes of some containers: SIGTERM for the executors, which end what they started, patience, SIGKILL
    /// for everything. Throws if any is left then.
    func end(patience: Duration, where picks: (Int32) -> Bool) throws {
        var deadline = ContinuousClock.now + patience
        var isKilling = false
        var asked: Set<pid_t> = []
        // Two looks have to find nothing: one may miss a process that is just executing a program.
        var emptyLooks = 0
        while emptyLooks < 2 {
            let left = all().filter { picks($0.0.container) }
            emptyLooks = left.isEmpty ? emptyLooks + 1 : 0
            for (_, process) in left {
                if isKilling {
                    _ = linux_signal(process.handle.number, SIGKILL)
                } else if getsid(process.pid) == process.pid, asked.insert(process.pid).inserted {
                    _ = linux_signal(process.handle.number, SIGTERM)
                }
            }
            if !left.isEmpty && ContinuousClock.now >= deadline {
                if isKilling { throw PluginFailure(.failed, "processes survive SIGKILL") }
                isKilling = true
                deadline = .now + .seconds(5)
            }
            usleep(left.isEmpty ? 1000 : 10_000)
        }
    }

    /// Every process with a label for the directory, but those that have ended, and those that execute a program at this
    /// very moment.
    private func all() -> [(Label, Found)] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        return folderNames(folder).compactMap { name in
            // The handle first: the label is then that of the process behind it, or of a later one, which it cannot hit.
            guard let pid = pid_t(name), case let handle = linux_open(pid), handle >= 0 else { return nil }
            let found = Found(pid: pid, handle: Descriptor(handle))
            return label(of: pid).map { ($0, found) }
        }
    }

    private func label(of pid: pid_t) -> Label? {
        let file = open("/proc/\(pid)/environ", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while case let count = read(file, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
        let prefix = Array(Processes.variable.utf8)
        guard let entry = bytes.split(separator: 0).first(where: { $0.starts(with: prefix) }) else { return nil }
        return Label(text: String(decoding: entry.dropFirst(prefix.count), as: UTF8.self), directory: directory)
    }

    private static func environment() -> [String] {
        guard var entry = linux_environment() else { return [] }
        var entries: [String] = []
        while let text = entry.pointee {
            entries.append(String(cString: text))
            entry += 1
        }
        return entries
    }
}

/// Lends a NULL-terminated array of C strings.
private func withCStrings<Result>(
    _ strings: [String],
    _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let pointers = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers)
}
