import Dispatch
import Glibc
import Synchronization

/// A thread that can be waited for. No signal is delivered to it.
final class DriverThread: Sendable {
    private let group = DispatchGroup()
    private let thread = Mutex<pthread_t?>(nil)

    /// Whether it is the one that asks.
    var isCurrent: Bool {
        thread.withLock { thread in thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
    }

    /// Starts it; once only.
    func start(_ body: @escaping @Sendable () -> Void) throws(MesosOptionsError) {
        group.enter()
        let box = Unmanaged.passRetained(
            ThreadBody { [self] in
                thread.withLock { $0 = pthread_self() }
                body()
                // Another thread may get the number.
                thread.withLock { $0 = nil }
                group.leave()
            }
        )
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        // Inherited by the thread; TLS libraries may write to a broken connection.
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var created = pthread_t()
        let code = pthread_create(
            &created,
            nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            box.toOpaque()
        )
        guard code == 0 else {
            box.release()
            group.leave()
            throw MesosOptionsError("cannot start a thread: \(systemText(Int(code)))")
        }
        pthread_detach(created)
    }

    /// Waits for its end; returns at once if it is the one that asks.
    func wait() {
        if !isCurrent { group.wait() }
    }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
        self.run = run
    }
}
