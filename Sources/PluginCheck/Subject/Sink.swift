import Glibc
import PluginABI
import Synchronization

/// A sink that a function of the plugin is given: takes what is put, and sees to the rules.
///
/// Lives as long as the process, since a plugin may put something when it must not any more.
final class Sink: Sendable {
    private struct State {
        var isOpen = true
        var items: [[UInt8]] = []
        var size = 0
        var isWhole = true
    }

    private let recorder: Recorder
    private let function: String
    private let owner = UInt(pthread_self())
    private let state = Mutex(State())

    /// More than that is a mistake, or a plugin that uses up the memory.
    private static let limit = 16 << 20

    private init(_ recorder: Recorder, _ function: String) {
        self.recorder = recorder
        self.function = function
    }

    /// What a call put.
    struct Gathered<Result> {
        let result: Result
        let texts: [String]
        /// Whether nothing had to be left out.
        let isWhole: Bool
    }

    /// Lets a function, which is called on the current thread, put texts.
    static func gather<Result>(
        _ recorder: Recorder,
        _ function: String,
        _ body: (heron_sink) -> Result
    ) -> Gathered<Result> {
        let sink = Sink(recorder, function)
        let context = Unmanaged.passRetained(sink).toOpaque()
        let result = body(heron_sink(context: context) { Sink.put($0, $1, $2) })
        let (items, isWhole) = sink.state.withLock { state in
            state.isOpen = false
            return (state.items, state.isWhole)
        }
        return Gathered(
            result: result,
            texts: items.map { String(decoding: $0, as: UTF8.self) },
            isWhole: isWhole
        )
    }

    private static func put(_ context: UnsafeMutableRawPointer?, _ data: UnsafeRawPointer?, _ length: Int) {
        // Without the context nothing can be told about whoever forgot it.
        guard let context else { return }
        Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue().put(data, length)
    }

    private func put(_ data: UnsafeRawPointer?, _ length: Int) {
        guard state.withLock({ $0.isOpen }) else {
            return recorder.note(.lateItems, "an item is put into the sink of \(function), which has returned")
        }
        if UInt(pthread_self()) != owner {
            recorder.note(.itemThread, "an item is put on another thread than that of the call")
        }
        guard let item = item(data, length) else { return state.withLock { $0.isWhole = false } }
        if String(validating: item, as: UTF8.self) == nil { recorder.note(.items, "a text that is put is not UTF-8") }
        state.withLock { state in
            state.items.append(item)
            state.size += item.count
        }
    }

    /// The bytes, if there can be as many.
    private func item(_ data: UnsafeRawPointer?, _ length: Int) -> [UInt8]? {
        if length == 0 { return [] }
        guard length > 0, length <= Sink.limit, state.withLock({ $0.size + length <= Sink.limit }) else {
            recorder.note(.items, "an item of \(UInt(bitPattern: length)) bytes is put")
            return nil
        }
        guard let data else {
            recorder.note(.items, "NULL is put as \(length) bytes")
            return nil
        }
        return [UInt8](UnsafeRawBufferPointer(start: data, count: length))
    }
}
