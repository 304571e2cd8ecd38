import PluginABI
import Synchronization

/// Reports a call into a plugin that takes long, and gives up on one that does not return.
struct CallWatch: Sendable {
    let function: String
    let host: HostTable

    /// The configuration key with the milliseconds after which a call is given up.
    static let key = "heron.plugin.call.deadline.ms"
    /// How long a call may take if the key is not set: fetching packages is part of some.
    static let usualLimit = Duration.seconds(600)
    /// When a call is first reported; again each time after twice as long.
    static let firstReport = Duration.seconds(20)

    /// Returns when the call has to be given up, with the error for whoever waits for it; or nil if cancelled.
    ///
    /// Only the plugin's own time counts: while its thread is in a function of the host, and until it is back, it does
    /// not hang.
    func expired() async -> PluginError? {
        let limit = host.services.configValue(CallWatch.key).flatMap(Int64.init).map(Duration.milliseconds)
        let end = limit ?? CallWatch.usualLimit
        var next = CallWatch.firstReport
        while true {
            let silence = host.silence
            if silence >= end { return hung(end) }
            if silence < CallWatch.firstReport { next = CallWatch.firstReport }
            if silence >= next {
                host.services.log(.warning, plugin: host.plugin, "\(function) has been running for \(next)")
                next *= 2
            }
            do {
                try await Task.sleep(for: min(end, next) - silence)
            } catch {
                return nil
            }
        }
    }

    private func hung(_ limit: Duration) -> PluginError {
        PluginError(
            .hung,
            plugin: host.plugin,
            function: function,
            "has not returned within \(limit)",
            hint: "it may hang; \(CallWatch.key) sets how long it may take"
        )
    }
}

/// A call that a plugin's thread makes and a task waits for, but not for ever.
final class PendingCall<Value: Sendable>: Sendable {
    private enum Phase {
        case open
        case awaited(CheckedContinuation<Value, any Error>)
        case finished(Result<Value, any Error>)
        case taken
    }

    private let phase = Mutex(Phase.open)

    /// Brings the result; only the first one counts.
    func finish(_ result: Result<Value, any Error>) {
        let waiter: CheckedContinuation<Value, any Error>? = phase.withLock { phase in
            switch phase {
            case .open:
                phase = .finished(result)
                return nil
            case .awaited(let continuation):
                phase = .taken
                return continuation
            case .finished, .taken:
                return nil
            }
        }
        waiter?.resume(with: result)
    }

    /// Waits for the result. May be called once.
    func value() async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let result: Result<Value, any Error>? = phase.withLock { phase in
                if case .finished(let result) = phase {
                    phase = .taken
                    return result
                }
                phase = .awaited(continuation)
                return nil
            }
            if let result { continuation.resume(with: result) }
        }
    }
}
