import Dispatch
import Glibc
import Synchronization

/// The one thread on which a plugin instance is called, in the order of the calls, so that it may block.
///
/// A pthread, and never a thread of Swift's cooperative pool: those are as few as there are cores, and each plugin that
/// waits for a task would take one away from the task.
package final class PluginThread: Sendable {
    private struct Queue {
        var jobs: [@Sendable () -> Void] = []
        var next = 0
        var isFinished = false
    }

    private let queue = Mutex(Queue())
    private let wakeup = DispatchSemaphore(value: 0)
    /// The thread's id; 0 until it runs.
    private let id = Atomic<UInt>(0)

    /// Starts the thread. Throws ``PluginError`` if the process cannot have another one.
    package init() throws {
        let context = Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let failure = pthread_create(&thread, nil, { PluginThread.main($0) }, context)
        guard failure == 0 else {
            Unmanaged<PluginThread>.fromOpaque(context).release()
            throw PluginError(.noThread, "cannot start a thread for a plugin: \(String(cString: strerror(failure)))")
        }
        pthread_detach(thread)
    }

    /// Whether the caller runs on this thread.
    package var isCurrent: Bool { id.load(ordering: .acquiring) == UInt(pthread_self()) }

    /// Lets the thread do something after what it was told before. False if it has been finished.
    @discardableResult
    package func post(_ job: @escaping @Sendable () -> Void) -> Bool {
        let accepted = queue.withLock { queue in
            if !queue.isFinished { queue.jobs.append(job) }
            return !queue.isFinished
        }
        if accepted { wakeup.signal() }
        return accepted
    }

    /// Does something on the thread and waits for the result without blocking the caller's thread.
    ///
    /// - Parameter watch: what gives the call up if it does not return; the thread is lost then.
    func run<Value: Sendable>(
        watch: CallWatch? = nil,
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let call = PendingCall<Value>()
        let job: @Sendable () -> Void = {
            watch?.host.leave()
            let result = Result(catching: body)
            watch?.host.enter()
            call.finish(result)
        }
        guard post(job) else {
            throw PluginError(.closed, "the plugin instance is closed")
        }
        guard let watch else { return try await call.value() }
        let watching = Task { if let error = await watch.expired() { call.finish(.failure(error)) } }
        defer { watching.cancel() }
        return try await call.value()
    }

    /// Ends the thread after everything that it was told to do.
    package func finish() {
        queue.withLock { $0.isFinished = true }
        wakeup.signal()
    }

    private static func main(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let context else { return nil }
        let thread = Unmanaged<PluginThread>.fromOpaque(context).takeRetainedValue()
        thread.id.store(UInt(pthread_self()), ordering: .releasing)
        thread.work()
        return nil
    }

    private func work() {
        while true {
            wakeup.wait()
            let job: (@Sendable () -> Void)?? = queue.withLock { queue in
                if queue.next < queue.jobs.count {
                    queue.next += 1
                    let job = queue.jobs[queue.next - 1]
                    if queue.next == queue.jobs.count { (queue.jobs, queue.next) = ([], 0) }
                    return job
                }
                return queue.isFinished ? nil : .some(nil)
            }
            guard let job else { return }
            job?()
        }
    }
}
