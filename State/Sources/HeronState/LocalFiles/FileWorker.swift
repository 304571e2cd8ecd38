import Dispatch

/// Does one manager's blocking file work, call after call, on a thread that is not one of Swift's cooperative pool.
final class FileWorker: Sendable {
    private let queue = DispatchQueue(label: "heron.state.files")
    private let timeout: Duration
    private let rootPath: String

    init(timeout: Duration, rootPath: String) {
        self.timeout = timeout
        self.rootPath = rootPath
    }

    /// Runs the body after those of the calls before it.
    ///
    /// - Parameter body: is handed a function to call when it has the lock and before it has an effect; that throws if
    ///   the call has been given up in the meantime.
    /// - Throws: what the body throws, as a ``StateError`` about the node; `timeout`; `CancellationError`.
    func run<Value: Sendable>(
        _ node: String,
        _ body: @escaping @Sendable (_ start: () throws -> Void) throws -> Value
    ) async throws -> Value {
        let call = FileCall<Value>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard call.start(continuation) else { return }
                queue.async {
                    guard call.isWanted else { return }
                    call.finish(Result { try naming(node) { try body(call.begin) } })
                }
                expire(call, node)
            }
        } onCancel: {
            call.cancel()
        }
    }

    /// Runs the body after the calls so far, for whoever does not wait for it.
    func runDetached(_ body: @escaping @Sendable () -> Void) {
        queue.async(execute: body)
    }

    private func expire<Value>(_ call: FileCall<Value>, _ node: String) {
        DispatchQueue.global().asyncAfter(deadline: .now() + timeout.seconds) { [weak call, timeout, rootPath] in
            call?.expire { hasBegun in
                hasBegun
                    ? StateError(
                        .timeout,
                        path: node,
                        "no answer from the disk within \(timeout); whether a write took place is unknown"
                    )
                    : Self.lockedOut(node, timeout, rootPath)
            }
        }
    }

    private static func lockedOut(_ node: String, _ timeout: Duration, _ rootPath: String) -> StateError {
        let pids = TreeLock.holders(rootPath: rootPath).map(String.init).joined(separator: ", ")
        let holder = pids.isEmpty ? "" : " (held by process \(pids))"
        return StateError(
            .timeout,
            path: node,
            "the state in \(rootPath) was not free for \(timeout)\(holder); nothing was changed",
            hint: pids.isEmpty ? nil : "see whether that process is stopped or its disk hangs"
        )
    }
}

extension Duration {
    /// The duration in seconds, for interfaces that take a floating-point number.
    fileprivate var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
