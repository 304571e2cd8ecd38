import Glibc
import PluginKit
import Processes

/// Looks at all processes of the machine, once for all who ask at the same time: a restart ends hundreds of containers
/// together, each of which has to be looked for again and again.
actor ProcessCensus {
    private let directory: String
    private var begun: ContinuousClock.Instant?
    private var all: [ProcessStat] = []
    private var marked: [Int32: [Int32]] = [:]

    /// - Parameter directory: the working directory of the containers.
    init(directory: String) {
        self.directory = directory
    }

    /// The living processes of a container at some time after that of the call, without this one: those that bear its
    /// marker, and those of its executor's group and session. Waits until there are the descriptors to look for them.
    func members(
        of container: Int32,
        ledBy executor: ProcessIdentity?,
        asOf call: ContinuousClock.Instant
    ) async -> Set<Int32> {
        while begun.map({ $0 < call }) ?? true {
            do { try look() } catch { await ContainerProcesses.sleep(.milliseconds(100)) }
        }
        let group = executor.map { ProcessGroup(ledBy: $0).members(among: all).map(\.processID) } ?? []
        return Set(marked[container, default: []] + group).subtracting([getpid()])
    }

    private func look() throws {
        let start: ContinuousClock.Instant = .now
        all = try ProcessStat.all()
        marked = try ProcessCensus.marked(directory: directory, among: all)
        begun = start
    }

    /// The containers of a working directory that have processes, and those processes' ids. Throws `ProcessError` if
    /// they cannot be looked at.
    static func marked(directory: String) throws -> [Int32: [Int32]] {
        try marked(directory: directory, among: ProcessStat.all())
    }

    private static func marked(directory: String, among all: [ProcessStat]) throws -> [Int32: [Int32]] {
        var found: [Int32: [Int32]] = [:]
        // The kernel's own threads, the children of 2, have no environment.
        for stat in all where !stat.isZombie && stat.processID != getpid() && stat.parent != 2 {
            guard let value = try environmentValue(ContainerProcesses.variable, of: stat.processID),
                let blank = value.firstIndex(of: " "), value[value.index(after: blank)...] == directory,
                let container = Int32(value[..<blank])
            else { continue }
            found[container, default: []].append(stat.processID)
        }
        return found
    }

    /// Throws ``PluginFailure`` if a container of an earlier run still has processes.
    static func checkNone(in directory: String) throws {
        guard let (container, processes) = try marked(directory: directory).first else { return }
        let list = processes.map(String.init).joined(separator: ", ")
        throw PluginFailure(
            .alreadyExists,
            "the working directory \(directory) is in use: container \(container) of an earlier run still has "
                + "processes \(list)",
            hint: "kill that topology first"
        )
    }

    /// A variable in the environment that a process was started with; nil if it has none, or is not ours to look at.
    private static func environmentValue(_ name: String, of process: Int32) throws -> String? {
        let file = "/proc/\(process)/environ"
        var bytes = try readProcFile(file)
        // Some microseconds after exec the kernel has nothing to show yet, and such a process may be ours.
        for _ in 0..<3 where bytes?.isEmpty == true {
            usleep(100)
            bytes = try readProcFile(file)
        }
        guard let bytes else { return nil }
        let prefix = Array("\(name)=".utf8)
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0) ?? bytes.count
            if bytes[start..<end].starts(with: prefix) {
                return String(decoding: bytes[(start + prefix.count)..<end], as: UTF8.self)
            }
            start = end + 1
        }
        return nil
    }
}
