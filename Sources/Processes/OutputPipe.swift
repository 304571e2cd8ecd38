import CProcess
// Dispatch sources may be used from any thread; on Linux they are only not declared so.
@preconcurrency import Dispatch
import Glibc
import Synchronization

/// A pipe that takes in what children write, as it comes.
///
/// The handler runs on a queue of its own, one call at a time, and may block: while it does, writers wait as soon as the
/// pipe is full, so that memory stays bounded. Reading stops when all writers have closed the pipe, or at ``stop()``.
public final class OutputPipe: Sendable {
    private let state: Mutex<State>
    private let source: any DispatchSourceRead

    private struct State {
        var writeEnd: Descriptor?
        var hasEnded = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// Opens the pipe and begins to read. The buffer handed to `onData` is valid for the call only.
    public init(onData: @escaping @Sendable (UnsafeRawBufferPointer) -> Void) throws {
        var ends: [Int32] = [-1, -1]
        guard cprocess_open_pipe(&ends) == 0 else { throw ProcessError.system("cannot open a pipe", errno) }
        let readEnd = ends[0]
        state = Mutex(State(writeEnd: Descriptor(takingOwnership: ends[1])))
        let source = DispatchSource.makeReadSource(
            fileDescriptor: readEnd,
            queue: DispatchQueue(label: "child output")
        )
        self.source = source
        source.setEventHandler {
            if !OutputPipe.readAvailable(readEnd, onData) { source.cancel() }
        }
        source.setCancelHandler { [weak self] in
            close(readEnd)
            self?.end()
        }
        source.activate()
    }

    deinit {
        source.cancel()
    }

    /// Where a child's output has to go to arrive here.
    public var output: ChildOutput {
        state.withLock { $0.writeEnd.map { .descriptor($0.number) } ?? .null }
    }

    /// Has to be called once the children are started: without it the pipe does not end with them.
    public func closeWriteEnd() {
        state.withLock { $0.writeEnd = nil }
    }

    /// Stops reading even if a writer is left.
    public func stop() {
        source.cancel()
    }

    /// Waits until all was read and handed over, or reading was stopped.
    public func waitForEnd() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waiters.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    private func end() {
        let waiters = state.withLock { state in
            state.hasEnded = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Reads once; false at the end of the pipe.
    private static func readAvailable(
        _ descriptor: Int32,
        _ onData: (UnsafeRawBufferPointer) -> Void
    ) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 1) { buffer in
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count > 0 {
                onData(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                return true
            }
            return count == -1 && (errno == EAGAIN || errno == EINTR)
        }
    }
}
