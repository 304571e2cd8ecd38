import Glibc
import HeronState
import Synchronization

/// Holds watches: `watch COUNT` watches the nodes `executionstate/0` and following, and answers when each has told its
/// node; `await` then awaits the next change of each in a task of its own.
final class WatchBench: Sendable {
    private typealias Watch = AsyncThrowingStream<StateNode?, any Error>

    private let state: any StateManager
    private let watches = Mutex<[Watch]>([])
    private let tasks = Mutex<[Task<Void, any Error>]>([])

    init(_ state: any StateManager) {
        self.state = state
    }

    deinit {
        for task in tasks.withLock(\.self) { task.cancel() }
    }

    /// The answer; nil if the command is another's.
    func answer(_ command: Command) async throws -> String? {
        let before = try residentKilobytes()
        let time: Double
        switch command.name {
        case "watch": time = try await milliseconds { try await hold(command.number(0)) }
        case "await": time = await milliseconds { await awaitChanges() }
        default: return nil
        }
        let grown = try residentKilobytes() - before
        return #"{"milliseconds": \#(time), "kilobytes": \#(grown)}"#
    }

    private func hold(_ count: Int) async throws {
        let added = try (0..<count).map { state.watch(try StatePath(.executionstate, "\($0)")) }
        for watch in added {
            var iterator = watch.makeAsyncIterator()
            guard try await iterator.next() != nil else { throw BenchError("a watch has not found its node") }
        }
        watches.withLock { $0 += added }
    }

    private func awaitChanges() async {
        let (started, starting) = AsyncStream.makeStream(of: Void.self)
        let watches = watches.withLock(\.self)
        tasks.withLock { tasks in
            tasks = watches.map { watch in
                Task {
                    starting.yield()
                    for try await _ in watch {}
                }
            }
        }
        var missing = watches.count
        for await _ in started {
            missing -= 1
            if missing == 0 { break }
        }
    }

    private func residentKilobytes() throws -> Int {
        guard let file = fopen("/proc/self/status", "r") else { throw BenchError("no /proc") }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let words = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                .split { $0 == " " || $0 == "\t" }
            if words.first == "VmRSS:", words.count > 1, let kilobytes = Int(words[1]) { return kilobytes }
        }
        throw BenchError("no VmRSS in /proc/self/status")
    }
}
