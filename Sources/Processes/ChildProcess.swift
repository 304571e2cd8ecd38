import Glibc
import Synchronization

/// A process that this process started; its exit status is always collected, waited for or not.
///
/// A child has its standard input from `/dev/null`, no descriptors above 2, default signal dispositions and an empty
/// signal mask. Dropping the object does not end the process.
public final class ChildProcess: Sendable {
    /// The process, also for others to recognise it by later.
    public let identity: ProcessIdentity
    /// Whether it leads a session and a group of its own, both with its process id.
    public let leadsSession: Bool
    private let state = Mutex(State())

    private struct State {
        var status: ExitStatus?
        var waiters: [UInt64: CheckedContinuation<ExitStatus?, Never>] = [:]
        var nextWaiter: UInt64 = 0
    }

    /// The process's id; another process may have it once this one's status was collected.
    public var processID: Int32 { identity.processID }

    /// How it ended, or nil while it runs.
    public var exitStatus: ExitStatus? { state.withLock { $0.status } }

    init(identity: ProcessIdentity, leadsSession: Bool) throws {
        self.identity = identity
        self.leadsSession = leadsSession
        try startThread { self.collect() }
    }

    /// Waits for the exit; does not stop early when the task is cancelled.
    public func wait() async -> ExitStatus {
        await withCheckedContinuation { (continuation: CheckedContinuation<ExitStatus?, Never>) in
            addWaiter(continuation)
        } ?? .unknown
    }

    /// Waits for the exit, at most for a time; nil if the process still runs then, or the task is cancelled.
    public func wait(for limit: Duration) async -> ExitStatus? {
        await withTaskGroup(of: ExitStatus?.self) { group in
            group.addTask { await self.waitUnlessCancelled() }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    /// Sends a signal to the process alone; false if it has ended.
    @discardableResult
    public func signal(_ number: Int32) -> Bool {
        // Under the lock that collecting takes too: the id cannot have passed to another process.
        state.withLock { $0.status == nil && kill(processID, number) == 0 }
    }

    /// Ends the process: SIGTERM, at most `grace` of patience, SIGKILL.
    ///
    /// Where the process leads a session, all of its group and session is ended with it, also if the process itself has
    /// ended before. Not shortened by cancellation.
    @discardableResult
    public func terminate(grace: Duration) async -> ExitStatus {
        if leadsSession {
            await ProcessGroup(ledBy: identity).terminate(grace: grace)
            signal(SIGKILL)
            return await wait()
        }
        signal(SIGTERM)
        let status = await Task { await self.wait(for: grace) }.value
        if let status { return status }
        signal(SIGKILL)
        return await wait()
    }

    private func waitUnlessCancelled() async -> ExitStatus? {
        let waiter = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { addWaiter($0, waiter) }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: waiter) }?.resume(returning: nil)
        }
    }

    private func addWaiter(_ continuation: CheckedContinuation<ExitStatus?, Never>, _ waiter: UInt64? = nil) {
        let status = state.withLock { state -> ExitStatus?? in
            if let status = state.status { return .some(status) }
            // The cancellation handler may have run before the continuation was there for it to resume.
            if waiter != nil && Task.isCancelled { return .some(nil) }
            if waiter == nil { state.nextWaiter += 1 }
            state.waiters[waiter ?? state.nextWaiter] = continuation
            return nil
        }
        if let status { continuation.resume(returning: status) }
    }

    /// Blocks a thread of its own until the process has ended, and collects its status.
    private func collect() {
        var info = siginfo_t()
        while waitid(P_PID, id_t(processID), &info, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        let (status, waiters) = state.withLock { state in
            var waitStatus: Int32 = 0
            var result = waitpid(processID, &waitStatus, 0)
            while result == -1, errno == EINTR { result = waitpid(processID, &waitStatus, 0) }
            let status = result == processID ? ExitStatus(waitStatus: waitStatus) : .unknown
            state.status = status
            defer { state.waiters = [:] }
            return (status, Array(state.waiters.values))
        }
        for waiter in waiters { waiter.resume(returning: status) }
    }
}
