import CProcess
import Glibc
import Synchronization

/// Signals as values, for programs that end in good order.
public enum Signals {
    /// The signals that this process gets from now on, instead of their default effect.
    ///
    /// The default effect returns when the stream's consumer stops, unless another stream wants the same signal. For
    /// executables only: dispositions belong to the whole process.
    public static func stream(_ numbers: Int32...) throws -> AsyncStream<Int32> {
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self, bufferingPolicy: .bufferingNewest(16))
        try SignalDispatcher.shared.get().add(continuation, for: numbers)
        return stream
    }
}

/// Reads the signal pipe on a thread of its own and hands the signals to the streams that want them.
private final class SignalDispatcher: Sendable {
    /// Made at first use; a failure to do so is every caller's.
    static let shared = Result<SignalDispatcher, any Error> { try SignalDispatcher() }

    private typealias Continuation = AsyncStream<Int32>.Continuation
    private let listeners = Mutex((next: 0, byID: [Int: (numbers: [Int32], continuation: Continuation)]()))

    private init() throws {
        let pipe = cprocess_signal_pipe()
        guard pipe >= 0 else { throw ProcessError("cannot open the pipe for signals: too many open files") }
        try startThread { self.readForEver(pipe) }
    }

    func add(_ continuation: AsyncStream<Int32>.Continuation, for numbers: [Int32]) throws {
        let id = listeners.withLock { listeners in
            listeners.next += 1
            listeners.byID[listeners.next] = (numbers, continuation)
            return listeners.next
        }
        continuation.onTermination = { _ in self.remove(id) }
        for number in numbers {
            let code = cprocess_catch_signal(number)
            guard code == 0 else {
                remove(id)
                throw ProcessError.system("cannot catch \(signalName(number))", code)
            }
        }
    }

    private func remove(_ id: Int) {
        listeners.withLock { listeners in
            guard let removed = listeners.byID.removeValue(forKey: id) else { return }
            for number in removed.numbers where !listeners.byID.values.contains(where: { $0.numbers.contains(number) })
            {
                cprocess_release_signal(number)
            }
        }
    }

    private func readForEver(_ pipe: Int32) {
        while true {
            var byte: UInt8 = 0
            guard read(pipe, &byte, 1) == 1 else { continue }
            let number = Int32(byte)
            let targets = listeners.withLock { listeners in
                listeners.byID.values.filter { $0.numbers.contains(number) }.map(\.continuation)
            }
            for target in targets { target.yield(number) }
        }
    }
}
