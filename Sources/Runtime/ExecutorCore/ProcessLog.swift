import Logging
import Processes
import Synchronization

/// Takes one process's output into the executor's log, line by line.
final class ProcessLog: Sendable {
    private let pipe: OutputPipe
    private let lines: LogLines

    /// - Parameter written: called after lines were logged.
    init(_ name: String, log: Logger, written: @escaping @Sendable () -> Void) throws {
        let lines = LogLines(name, log, written)
        self.lines = lines
        pipe = try OutputPipe { lines.add($0) }
    }

    /// Where the process has to write.
    var output: ChildOutput { pipe.output }

    /// To be called once the process is started.
    func processStarted() {
        pipe.closeWriteEnd()
    }

    /// Logs what is left when the process has ended; processes that it left behind are listened to a second longer.
    func finish() async {
        let limit = Task { [pipe] in
            try await Task.sleep(for: .seconds(1))
            pipe.stop()
        }
        await pipe.waitForEnd()
        limit.cancel()
        lines.finish()
    }
}

/// Bytes of a process on their way into the log.
private final class LogLines: Sendable {
    private let name: String
    private let log: Logger
    private let written: @Sendable () -> Void
    private let splitter = Mutex(LineSplitter())

    init(_ name: String, _ log: Logger, _ written: @escaping @Sendable () -> Void) {
        self.name = name
        self.log = log
        self.written = written
    }

    func add(_ bytes: UnsafeRawBufferPointer) {
        write(splitter.withLock { $0.lines(adding: bytes) })
    }

    func finish() {
        write(splitter.withLock { $0.finish() }.map { [$0] } ?? [])
    }

    private func write(_ lines: [String]) {
        for line in lines { log.info("\(name) stdout: \(line)") }
        if !lines.isEmpty { written() }
    }
}
