import CProcess
import Glibc
import Synchronization

/// A pipe that takes in what children write, as it comes.
///
/// The handler runs on a thread of its own, one call at a time, and may block: while it does, writers wait as soon as
/// the pipe is full, so that memory stays bounded. Reading ends when all writers have closed the pipe, at ``stop()``, or
/// with the object.
public final class OutputPipe: Sendable {
    private let ends: Mutex<(write: Descriptor?, stop: Descriptor?)>
    private let end = OneShotEvent()

    /// Opens the pipe and begins to read. The buffer handed to `onData` is valid for the call only.
    public init(onData: @escaping @Sendable (UnsafeRawBufferPointer) -> Void) throws {
        let (source, writeEnd) = try OutputPipe.open()
        // Never written to: that its other end is closed tells the thread to stop.
        let (stop, stopEnd) = try OutputPipe.open()
        ends = Mutex((writeEnd, stopEnd))
        try startThread { [end] in
            OutputPipe.readAll(source, until: stop, onData)
            end.fire()
        }
    }

    /// Where a child's output has to go to arrive here.
    public var output: ChildOutput {
        ends.withLock { $0.write.map { .descriptor($0.number) } ?? .null }
    }

    /// Has to be called once the children are started: without it the pipe does not end with them.
    public func closeWriteEnd() {
        ends.withLock { $0.write = nil }
    }

    /// Stops reading even if a writer is left.
    public func stop() {
        ends.withLock { $0.stop = nil }
    }

    /// Waits until all was read and handed over, or reading was stopped.
    public func waitForEnd() async {
        await end.wait()
    }

    private static func open() throws -> (read: Descriptor, write: Descriptor) {
        var ends: [Int32] = [-1, -1]
        guard cprocess_open_pipe(&ends) == 0 else { throw ProcessError.system("cannot open a pipe", errno) }
        return (Descriptor(takingOwnership: ends[0]), Descriptor(takingOwnership: ends[1]))
    }

    private static func readAll(
        _ source: Descriptor,
        until stop: Descriptor,
        _ onData: (UnsafeRawBufferPointer) -> Void
    ) {
        withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 1) { buffer in
            var polled = [source, stop].map { pollfd(fd: $0.number, events: Int16(POLLIN), revents: 0) }
            while true {
                guard poll(&polled, 2, -1) > 0 else { continue }
                if polled[1].revents != 0 { return }
                let count = read(source.number, buffer.baseAddress, buffer.count)
                if count > 0 { onData(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
                if count == 0 || (count == -1 && errno != EAGAIN && errno != EINTR) { return }
            }
        }
    }
}

/// Something that happens once, and that tasks can wait for.
private final class OneShotEvent: Sendable {
    private let state = Mutex((fired: false, waiters: [CheckedContinuation<Void, Never>]()))

    func fire() {
        let waiters = state.withLock { state in
            state.fired = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let fired = state.withLock { state in
                if !state.fired { state.waiters.append(continuation) }
                return state.fired
            }
            if fired { continuation.resume() }
        }
    }
}
