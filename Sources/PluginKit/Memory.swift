import PluginABI

/// A pointer to C memory that is never written to after it was made, and never freed before its last use.
///
/// Unchecked, because the compiler cannot see that.
struct Constant<Pointee>: @unchecked Sendable {
    let pointer: UnsafePointer<Pointee>

    init(_ pointer: UnsafePointer<Pointee>) {
        self.pointer = pointer
    }

    /// A value that lives as long as the process.
    init(immortal value: Pointee) {
        let pointer = UnsafeMutablePointer<Pointee>.allocate(capacity: 1)
        pointer.initialize(to: value)
        self.pointer = UnsafePointer(pointer)
    }
}

extension heron_string {
    var text: String {
        guard let data, length > 0 else { return "" }
        return String(decoding: UnsafeRawBufferPointer(start: data, count: length), as: UTF8.self)
    }
}

extension heron_bytes {
    var bytes: [UInt8] {
        guard let data, length > 0 else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: data, count: length))
    }
}

extension heron_sink {
    func put(_ text: String) {
        text.withCString { put?(context, $0, text.utf8.count) }
    }
}

extension String {
    /// Lends the text to a C function.
    func lent<Result>(_ body: (heron_string) throws -> Result) rethrows -> Result {
        try withCString { try body(heron_string(data: $0, length: utf8.count)) }
    }
}

extension [UInt8] {
    /// Lends the bytes to a C function.
    func lent<Result>(_ body: (heron_bytes) throws -> Result) rethrows -> Result {
        try withUnsafeBytes { try body(heron_bytes(data: $0.baseAddress, length: $0.count)) }
    }
}

/// Gathers what the host puts into a sink.
final class Gathering {
    private(set) var items: [[UInt8]] = []

    /// Lets a function fill the gathering through a sink that ends with the call.
    func fill<Result>(_ body: (heron_sink) -> Result) -> Result {
        withExtendedLifetime(self) {
            body(
                heron_sink(context: Unmanaged.passUnretained(self).toOpaque()) { context, data, length in
                    guard let context else { return }
                    let gathering = Unmanaged<Gathering>.fromOpaque(context).takeUnretainedValue()
                    gathering.items.append(heron_bytes(data: data, length: length).bytes)
                }
            )
        }
    }

    var texts: [String] { items.map { String(decoding: $0, as: UTF8.self) } }
}

/// Gathers the pairs that the host puts into a sink.
final class PairGathering {
    private(set) var pairs: [(key: String, value: String)] = []

    func fill<Result>(_ body: (heron_pair_sink) -> Result) -> Result {
        withExtendedLifetime(self) {
            body(
                heron_pair_sink(context: Unmanaged.passUnretained(self).toOpaque()) { context, key, value in
                    guard let context else { return }
                    let gathering = Unmanaged<PairGathering>.fromOpaque(context).takeUnretainedValue()
                    gathering.pairs.append((key.text, value.text))
                }
            )
        }
    }
}
