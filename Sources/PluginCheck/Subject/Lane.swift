import Dispatch
import Glibc
import PluginHost
import Synchronization

/// A thread on which instances are called, one call after the other; its caller waits.
///
/// Never ended: the thread's id would pass to a thread of the plugin's, which would be taken for this one.
final class Lane: Sendable {
    let thread: PluginThread

    /// Which instance's function each lane is in.
    private static let callers = Mutex<[UInt: ObjectIdentifier]>([:])

    /// Throws `PluginError` if the process cannot have another thread.
    init() throws {
        thread = try PluginThread()
    }

    /// Runs a body on the thread and waits for its end.
    func perform<Value>(_ body: () -> Value) -> Value {
        withoutActuallyEscaping(body) { body in
            let call = Call(body)
            thread.post { call.make() }
            return call.result()
        }
    }

    /// Runs a body that calls a function of the instance with this host; on the thread.
    func perform<Value>(for host: WatchedHost, _ body: () -> Value) -> Value {
        perform {
            let id = UInt(pthread_self())
            Lane.callers.withLock { $0[id] = ObjectIdentifier(host) }
            defer { Lane.callers.withLock { $0[id] = nil } }
            return body()
        }
    }

    /// Whether the current thread is in a function of an instance with another host.
    static func isInAnotherCall(than host: WatchedHost) -> Bool {
        let caller = callers.withLock { $0[UInt(pthread_self())] }
        return caller.map { $0 != ObjectIdentifier(host) } ?? false
    }
}

/// A body that one thread runs while another one waits for it.
///
/// Unchecked, because the semaphore keeps the two apart.
private final class Call<Value>: @unchecked Sendable {
    private var body: (() -> Value)?
    private var value: Value?
    private let done = DispatchSemaphore(value: 0)

    init(_ body: @escaping () -> Value) {
        self.body = body
    }

    func make() {
        value = body?()
        // The caller must be the last one to hold it.
        body = nil
        done.signal()
    }

    func result() -> Value {
        done.wait()
        guard let value else { preconditionFailure("the call was made") }
        return value
    }
}

/// Something of C that another thread gets while its owner waits, or that nobody writes to any more.
struct Foreign<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}
