/// Cuts a stream of bytes into lines, none longer than a limit.
struct LineSplitter {
    /// A longer line is cut into pieces of this length.
    static let longestLine = 8 * 1024

    private var rest: [UInt8] = []

    /// The lines that the bytes complete, without line ends; bytes that are no UTF-8 are replaced.
    mutating func lines(adding bytes: UnsafeRawBufferPointer) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                lines.append(takeRest())
            } else {
                rest.append(byte)
                if rest.count == LineSplitter.longestLine { lines.append(takeRest()) }
            }
        }
        return lines
    }

    /// The last line, if it had no end.
    mutating func finish() -> String? {
        rest.isEmpty ? nil : takeRest()
    }

    private mutating func takeRest() -> String {
        if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
        defer { rest.removeAll(keepingCapacity: true) }
        return String(decoding: rest, as: UTF8.self)
    }
}
