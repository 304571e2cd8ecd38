import Glibc
import Processes

/// The processes that run for a sandbox, or for any of those in a folder.
///
/// They are those that have the sandbox in their environment (`MESOS_DIRECTORY`), those of the session and the group of
/// the task's first process, and whatever descends from either or is in their sessions and groups. What leaves its
/// session, loses its parent and clears its environment escapes; so it does from Mesos's agents without cgroups.
struct TaskProcesses: Sendable {
    private let variable: String
    private let leader: ProcessIdentity?

    /// - Parameter folder: the sandbox, or the path that the sandboxes begin with.
    /// - Parameter leader: the task's first process, which may have ended.
    init(below folder: String, leader: ProcessIdentity?) {
        variable = "\(TaskEnvironment.directory)=\(folder)"
        self.leader = leader
    }

    /// Those that run now, zombies not included.
    func members() -> [ProcessIdentity] {
        let running = ((try? ProcessStat.all()) ?? []).filter { !$0.isZombie && $0.processID != getpid() }
        var found = Set(running.filter { isFirst($0) }.map(\.processID))
        var rest = running.filter { !found.contains($0.processID) }
        var members = running.filter { found.contains($0.processID) }
        while true {
            let more = rest.filter {
                found.contains($0.parent) || found.contains($0.group) || found.contains($0.session)
            }
            if more.isEmpty { break }
            found.formUnion(more.map(\.processID))
            rest.removeAll { found.contains($0.processID) }
            members += more
        }
        return members.compactMap { stat in
            (try? ProcessIdentity.of(stat.processID)).flatMap { $0.startTime == stat.startTime ? $0 : nil }
        }
    }

    /// Sends a signal to all; returns how many they were.
    @discardableResult
    func signal(_ number: Int32) -> Int {
        let members = members()
        for member in members { member.signal(number) }
        return members.count
    }

    /// Ends all with SIGKILL, also those that are started meanwhile, and in a cancelled task too.
    ///
    /// - Returns: false if some are left after two seconds, stuck in the kernel.
    @discardableResult
    func kill() async -> Bool {
        let deadline = ContinuousClock.now + .seconds(2)
        var interval = Duration.milliseconds(2)
        while signal(SIGKILL) > 0 {
            guard ContinuousClock.now < deadline else { return false }
            let pause = interval
            await Task { try? await Task.sleep(for: pause) }.value
            interval = min(interval * 2, .milliseconds(100))
        }
        return true
    }

    /// Whether a process belongs to the task whatever its relations.
    private func isFirst(_ process: ProcessStat) -> Bool {
        if let leader {
            // Not looked at closer: the machine has many that are older than the task.
            guard process.startTime >= leader.startTime else { return false }
            let isLed = process.group == leader.processID || process.session == leader.processID
            if isLed, leadsStill(leader) { return true }
        }
        return Environment.of(process.processID, hasVariableBeginningWith: variable)
    }

    /// Whether the leader's id has not been given to another process. It is not as long as its group or session lives.
    private func leadsStill(_ leader: ProcessIdentity) -> Bool {
        guard let present = try? ProcessStat.of(leader.processID) else { return true }
        return present.startTime == leader.startTime
    }
}

/// The environments of other processes, as they were started with.
private enum Environment {
    /// False too if it may not be read.
    static func of(_ process: Int32, hasVariableBeginningWith prefix: String) -> Bool {
        guard let content = try? readProcFile("/proc/\(process)/environ") else { return false }
        let prefix = Array(prefix.utf8)
        return content.split(separator: 0).contains { $0.starts(with: prefix) }
    }
}
