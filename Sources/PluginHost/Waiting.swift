import Dispatch
import PluginABI
import Synchronization

/// Does asynchronous work for a plugin that waits for it on a thread of its own.
///
/// Refused on a thread that runs a task: it would be one of the few that the work itself needs.
func waiting<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
    guard withUnsafeCurrentTask(body: { $0 == nil }) else {
        throw HostFailure(
            HERON_WRONG_THREAD,
            "the plugin called its host on a thread that must not block",
            hint: "call the host on the plugin thread or on a thread that the plugin started"
        )
    }
    let answer = Answer<Value>()
    Task.detached {
        do {
            answer.give(.success(try await work()))
        } catch {
            answer.give(.failure(error))
        }
    }
    return try answer.take()
}

/// A value that one thread waits for and another one brings.
private final class Answer<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let ready = DispatchSemaphore(value: 0)

    func give(_ result: Result<Value, any Error>) {
        self.result.withLock { $0 = result }
        ready.signal()
    }

    func take() throws -> Value {
        ready.wait()
        guard let result = result.withLock({ $0 }) else { throw CancellationError() }
        return try result.get()
    }
}
