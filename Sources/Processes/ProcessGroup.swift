import Glibc

/// All processes of the group and of the session that one process leads or led.
///
/// Needs no child relation, so that processes started by a predecessor can be watched and ended too. The kernel does not
/// give a leader's id away while its group lives; so if another process has that id now, the group is gone.
public struct ProcessGroup: Sendable, Hashable {
    public let leader: ProcessIdentity

    /// The group and session that a process leads, or led before it died.
    public init(ledBy leader: ProcessIdentity) {
        self.leader = leader
    }

    /// The living members, without zombies. Throws as ``ProcessStat/all()``.
    public func members() throws(ProcessError) -> [ProcessStat] { members(among: try ProcessStat.all()) }

    /// The same among processes that were looked at before.
    public func members(among all: [ProcessStat]) -> [ProcessStat] {
        guard leader.bootID == ProcessIdentity.currentBootID else { return [] }
        let id = leader.processID
        let found = all.filter { $0.group == id || $0.session == id }
        if let present = all.first(where: { $0.processID == id }), present.startTime != leader.startTime { return [] }
        return found.filter { !$0.isZombie }
    }

    /// Sends a signal to every member except the calling process; returns how many members there were, or 1 if they
    /// cannot be looked at: then only the group gets it.
    @discardableResult
    public func signal(_ number: Int32) -> Int {
        guard let targets = try? members().filter({ $0.processID != getpid() }) else {
            if getpgrp() != leader.processID, leader.isAlive { kill(-leader.processID, number) }
            return 1
        }
        // One call reaches the members at one instant, also those that were forked since the look at /proc.
        if getpgrp() != leader.processID, targets.contains(where: { $0.group == leader.processID }) {
            kill(-leader.processID, number)
        }
        for target in targets where target.group != leader.processID || getpgrp() == leader.processID {
            kill(target.processID, number)
        }
        return targets.count
    }

    /// Ends every member except the calling process: SIGTERM, at most `grace` of patience, SIGKILL.
    ///
    /// Returns once no member is left, or false if some survive SIGKILL for two seconds (stuck in the kernel, or owned by
    /// another user). Not shortened by cancellation: what was begun here has to be finished.
    @discardableResult
    public func terminate(grace: Duration) async -> Bool {
        if await end(with: SIGTERM, repeating: false, within: grace) { return true }
        return await end(with: SIGKILL, repeating: true, within: .seconds(2))
    }

    private func end(with number: Int32, repeating: Bool, within limit: Duration) async -> Bool {
        let deadline = ContinuousClock.now + limit
        var interval = Duration.milliseconds(5)
        var left = signal(number)
        while left > 0, ContinuousClock.now < deadline {
            await pause(interval)
            interval = min(interval * 2, .milliseconds(100))
            left = repeating ? signal(number) : (try? members().count { $0.processID != getpid() }) ?? 1
        }
        return left == 0
    }
}

/// Sleeps for the whole time, also in a cancelled task.
func pause(_ duration: Duration) async {
    await Task { try? await Task.sleep(for: duration) }.value
}
