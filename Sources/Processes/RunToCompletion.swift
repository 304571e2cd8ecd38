import Glibc
import Synchronization

/// What became of a process that was run to its end.
public struct CompletedProcess: Sendable {
    public let status: ExitStatus
    /// The last bytes of standard output, up to the limit.
    public let output: [UInt8]
    /// The last bytes of standard error, up to the limit.
    public let error: [UInt8]
    /// Whether earlier output or error bytes were dropped.
    public let isTruncated: Bool
    /// Whether the process was killed because its time was over.
    public let timedOut: Bool
}

extension ChildProcess {
    /// Runs a process to its end and keeps the last bytes that it wrote; the parameters are those of `spawn`.
    ///
    /// When the time is over or the task is cancelled, the process gets SIGTERM, one second, then SIGKILL; with
    /// `newSession` that goes to its whole session, and whatever the process leaves running in it is ended too.
    ///
    /// - Parameters:
    ///   - timeLimit: for the whole run.
    ///   - outputLimit: bytes kept of each of standard output and standard error.
    /// - Throws: ``ProcessError`` if it cannot be started, `CancellationError` if the task was cancelled.
    public static func runToCompletion(
        executable: String,
        arguments: [String] = [],
        environment: [String: String],
        workingDirectory: String? = nil,
        newSession: Bool = true,
        timeLimit: Duration,
        outputLimit: Int = 64 * 1024
    ) async throws -> CompletedProcess {
        let output = TailBuffer(limit: outputLimit)
        let error = TailBuffer(limit: outputLimit)
        let pipes = [try OutputPipe(onData: output.append), try OutputPipe(onData: error.append)]
        defer { pipes.forEach { $0.stop() } }
        let child = try spawn(
            executable: executable,
            arguments: arguments,
            environment: environment,
            workingDirectory: workingDirectory,
            newSession: newSession,
            stdout: pipes[0].output,
            stderr: pipes[1].output
        )
        pipes.forEach { $0.closeWriteEnd() }
        let ended = await child.wait(for: timeLimit)
        let status = newSession || ended == nil ? await child.terminate(grace: .seconds(1)) : await child.wait()
        if Task.isCancelled { throw CancellationError() }
        await waitForEnd(of: pipes, atMost: .seconds(1))
        return CompletedProcess(
            status: status,
            output: output.bytes,
            error: error.bytes,
            isTruncated: output.isTruncated || error.isTruncated,
            timedOut: ended == nil
        )
    }

    /// Waits until all was read; a daemon that left the session may hold a pipe open, and is not waited for.
    private static func waitForEnd(of pipes: [OutputPipe], atMost limit: Duration) async {
        let watchdog = Task {
            try await Task.sleep(for: limit)
            pipes.forEach { $0.stop() }
        }
        for pipe in pipes { await pipe.waitForEnd() }
        watchdog.cancel()
    }
}

/// The last bytes of a stream.
private final class TailBuffer: Sendable {
    private let limit: Int
    private let state = Mutex((bytes: [UInt8](), isTruncated: false))

    init(limit: Int) {
        self.limit = limit
    }

    var bytes: [UInt8] { state.withLock { $0.bytes.suffix(limit) } }
    var isTruncated: Bool { state.withLock { $0.isTruncated || $0.bytes.count > limit } }

    @Sendable func append(_ data: UnsafeRawBufferPointer) {
        state.withLock { state in
            state.bytes.append(contentsOf: data)
            // Cut only when twice the limit is there, so that bytes are not moved at every call.
            guard state.bytes.count > 2 * limit else { return }
            state.bytes.removeFirst(state.bytes.count - limit)
            state.isTruncated = true
        }
    }
}
