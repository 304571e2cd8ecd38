/// Cuts a stream of bytes into records: each is its length as decimal digits, a line feed, and that many bytes.
///
/// Mesos's framing of event streams ("RecordIO"). Pieces may be cut anywhere. Holds at most one piece beyond a record.
public struct RecordIODecoder: Sendable {
    private enum Expectation {
        case length(Int, digits: Int)
        case body(Int)
    }

    /// 20 digits hold every 64-bit number.
    private static let maximumDigits = 20
    /// What is kept allocated between records.
    private static let keptCapacity = 1 << 20

    /// The longest record that is taken, in bytes.
    public let maximumRecordBytes: Int
    private var bytes: [UInt8] = []
    /// Where in `bytes` the part begins that was not looked at yet.
    private var start = 0
    private var expectation = Expectation.length(0, digits: 0)

    /// - Parameter maximumRecordBytes: a longer record is an error as soon as its length is known.
    public init(maximumRecordBytes: Int = 64 << 20) {
        self.maximumRecordBytes = maximumRecordBytes
    }

    /// Whether the stream may end here: no record has begun.
    public var isBetweenRecords: Bool {
        if case .length(0, digits: 0) = expectation { start == bytes.count } else { false }
    }

    /// Adds the next piece of the stream.
    public mutating func append(_ piece: some Sequence<UInt8>) {
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptCapacity)
            start = 0
        } else if start > bytes.count / 2 {
            // What is moved is less than what was taken since the last time.
            bytes.removeSubrange(..<start)
            start = 0
        }
        bytes.append(contentsOf: piece)
    }

    /// The next record, or nil if more of the stream is needed.
    ///
    /// - Throws: ``RecordIOError``; nothing after that can be read.
    public mutating func next() throws(RecordIOError) -> [UInt8]? {
        while case .length(let length, let digits) = expectation {
            guard start < bytes.count else { return nil }
            try take(bytes[start], length, digits)
            start += 1
        }
        guard case .body(let length) = expectation, bytes.count - start >= length else { return nil }
        defer {
            start += length
            expectation = .length(0, digits: 0)
        }
        return Array(bytes[start..<start + length])
    }

    /// Takes one byte of a length and the line feed after it.
    private mutating func take(_ byte: UInt8, _ length: Int, _ digits: Int) throws(RecordIOError) {
        switch byte {
        case UInt8(ascii: "\n") where digits > 0:
            expectation = .body(length)
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            guard digits < Self.maximumDigits else { throw .endlessLength }
            // A record's limit is far from overflow, and no length grows beyond it.
            let longer = length.multipliedReportingOverflow(by: 10)
            let sum = longer.partialValue.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            guard !longer.overflow, !sum.overflow, sum.partialValue <= maximumRecordBytes else {
                throw .tooLong(limit: maximumRecordBytes)
            }
            expectation = .length(sum.partialValue, digits: digits + 1)
        default:
            throw .notALength(byte)
        }
    }
}

/// Why a stream is no RecordIO, or none that is taken.
public enum RecordIOError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A byte that is no digit stands where a record's length should be.
    case notALength(UInt8)
    /// A length has more digits than any number.
    case endlessLength
    /// A record is longer than the limit, in bytes.
    case tooLong(limit: Int)

    public var description: String {
        switch self {
        case .notALength(let byte): "a record's length holds the byte 0x\(String(byte, radix: 16)), which is no digit"
        case .endlessLength: "a record's length has more than 20 digits"
        case .tooLong(let limit): "a record is longer than \(limit) bytes"
        }
    }
}
