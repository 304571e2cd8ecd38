import PluginABI

/// Copies of a table that may have been compiled against another minor version of the ABI.
package enum ABITable {
    /// The members of the table that both sides know; those beyond the table's size are nil or 0.
    ///
    /// A table of the ABI holds numbers and optional pointers only, for which zeros are a valid value, and begins with
    /// its size as a 32-bit number.
    package static func copy<Table>(_ table: UnsafePointer<Table>) -> Table {
        let size = Int(UnsafeRawPointer(table).load(as: UInt32.self))
        return withUnsafeTemporaryAllocation(of: Table.self, capacity: 1) { buffer in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            bytes.initializeMemory(as: UInt8.self, repeating: 0)
            let known = min(size, MemoryLayout<Table>.size)
            bytes.copyMemory(from: UnsafeRawBufferPointer(start: table, count: known))
            return buffer[0]
        }
    }

    /// A table that lives as long as the process, for C to read.
    package static func immortal<Table>(_ table: Table) -> Immortal<Table> {
        let pointer = UnsafeMutablePointer<Table>.allocate(capacity: 1)
        pointer.initialize(to: table)
        return Immortal(pointer: UnsafePointer(pointer))
    }
}

/// A pointer to a table that is never changed and never freed.
///
/// Unchecked, because the compiler cannot see that nobody writes through the pointer any more.
package struct Immortal<Table>: @unchecked Sendable {
    package let pointer: UnsafePointer<Table>
}

extension heron_string {
    /// The text, with what is not UTF-8 replaced.
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
    /// Puts a text, with the NUL byte behind it that the ABI promises.
    func put(_ text: String) {
        text.withCString { put?(context, $0, text.utf8.count) }
    }

    func put(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { put?(context, $0.baseAddress, $0.count) }
    }
}

extension String {
    /// Lends the text to a C function, with a NUL byte behind it.
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

/// Gathers the items that a plugin puts into a sink.
final class Collector {
    /// More than this many bytes are cut off, so that a broken plugin cannot use up the memory.
    static let limit = 16 << 20

    private(set) var items: [[UInt8]] = []
    private var size = 0

    var texts: [String] { items.map { String(decoding: $0, as: UTF8.self) } }

    /// Lets a function fill the collector through a sink that ends with the call.
    func fill<Result>(_ body: (heron_sink) throws -> Result) rethrows -> Result {
        let context = Unmanaged.passUnretained(self).toOpaque()
        return try withExtendedLifetime(self) {
            try body(
                heron_sink(context: context) { context, data, length in
                    guard let context else { return }
                    let collector = Unmanaged<Collector>.fromOpaque(context).takeUnretainedValue()
                    collector.add(heron_bytes(data: data, length: length).bytes)
                }
            )
        }
    }

    private func add(_ item: [UInt8]) {
        guard size + item.count <= Collector.limit else { return }
        size += item.count
        items.append(item)
    }
}
