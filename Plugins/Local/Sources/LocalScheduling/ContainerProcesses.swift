import Glibc
import PluginKit
import Processes

/// All processes of one container: the executor's group and session, and whatever else it brought into the world.
///
/// Every process of a container inherits a variable that names the container, so that also those are found which left
/// the session, or whose executor nobody remembers.
struct ContainerProcesses: Sendable {
    let directory: String
    let container: Int32
    /// The executor, if it is known.
    let executor: ProcessIdentity?

    /// The variable that marks the processes: container, blank, working directory.
    static let variable = "HERON_LOCAL_CONTAINER"

    /// The marker's value for one container.
    static func marker(_ container: Int32, _ directory: String) -> String { "\(container) \(directory)" }

    /// The containers of a working directory that have processes, and those processes' ids.
    static func marked(directory: String) -> [Int32: [Int32]] {
        var found: [Int32: [Int32]] = [:]
        for stat in ProcessStat.all() where !stat.isZombie && stat.processID != getpid() {
            guard let value = environmentValue(variable, of: stat.processID),
                let blank = value.firstIndex(of: " "), value[value.index(after: blank)...] == directory,
                let container = Int32(value[..<blank])
            else { continue }
            found[container, default: []].append(stat.processID)
        }
        return found
    }

    /// Throws ``PluginFailure`` if a container of an earlier run still has processes.
    static func checkNone(in directory: String) throws {
        guard let (container, processes) = marked(directory: directory).first else { return }
        let list = processes.map(String.init).joined(separator: ", ")
        throw PluginFailure(
            .alreadyExists,
            "the working directory \(directory) is in use: container \(container) of an earlier run still has "
                + "processes \(list)",
            hint: "kill that topology first"
        )
    }

    /// The living members.
    func members() -> Set<Int32> {
        let marked = ContainerProcesses.marked(directory: directory)[container] ?? []
        let group = executor.map { ProcessGroup(ledBy: $0).members().map(\.processID) } ?? []
        return Set(marked + group).subtracting([getpid()])
    }

    /// Ends all of them: SIGTERM to the executor, which ends the others; patience; SIGKILL to whoever is left.
    ///
    /// Once the executor is gone its orphans get a SIGTERM too, and a second at most. Returns the ids of processes that
    /// survive SIGKILL for two seconds. Not shortened by cancellation.
    func end(grace: Duration) async -> [Int32] {
        var deadline = ContinuousClock.now + grace
        var orphansWereAsked = false
        executor?.signal(SIGTERM)
        var interval = Duration.milliseconds(5)
        while ContinuousClock.now < deadline {
            let members = members()
            if members.isEmpty { return [] }
            if !orphansWereAsked && executor?.isAlive != true {
                orphansWereAsked = true
                for member in members { kill(member, SIGTERM) }
                deadline = min(deadline, ContinuousClock.now + .seconds(1))
            }
            await sleep(interval)
            interval = min(interval * 2, .milliseconds(100))
        }
        return await killAll()
    }

    private func killAll() async -> [Int32] {
        let deadline = ContinuousClock.now + .seconds(2)
        while true {
            let members = members()
            if members.isEmpty { return [] }
            // Again and again, for those that were forked in the meantime.
            for member in members { kill(member, SIGKILL) }
            if ContinuousClock.now >= deadline { return members.sorted() }
            await sleep(.milliseconds(10))
        }
    }

    /// Sleeps for the whole time, also in a cancelled task.
    private func sleep(_ duration: Duration) async {
        await Task { try? await Task.sleep(for: duration) }.value
    }

    /// A variable in the environment that a process was started with; nil if it has none, or is not ours to look at.
    private static func environmentValue(_ name: String, of process: Int32) -> String? {
        let file = open("/proc/\(process)/environ", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while case let count = read(file, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
        let prefix = Array("\(name)=".utf8)
        guard let entry = bytes.split(separator: 0).first(where: { $0.starts(with: prefix) }) else { return nil }
        return String(decoding: entry.dropFirst(prefix.count), as: UTF8.self)
    }
}
