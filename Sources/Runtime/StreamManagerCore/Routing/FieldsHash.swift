import HeronWire

/// The hash of FIELDS groupings: what `std::hash<std::string>` of libstdc++ on 64-bit Linux computes, MurmurHash64A.
///
/// All stream managers of a topology must agree on it, Apache Heron's own included.
enum FieldsHash {
    private static let seed: UInt64 = 0xC70F_6907
    private static let multiplier: UInt64 = 0xC6A4_A793_5BD1_E995
    /// The modulus that Heron applies to each value's hash before it adds them up.
    private static let modulus: UInt64 = 633_910_111

    /// The hash of the bytes in a range.
    static func hash(_ bytes: RawSpan, _ range: Range<Int>) -> UInt64 {
        var hash = seed ^ (UInt64(range.count) &* multiplier)
        var offset = range.lowerBound
        while range.upperBound - offset >= 8 {
            var block = bytes.littleEndian(at: offset, as: UInt64.self)
            block = block &* multiplier
            block ^= block >> 47
            block = block &* multiplier
            hash = (hash ^ block) &* multiplier
            offset += 8
        }
        if offset < range.upperBound {
            var tail: UInt64 = 0
            for index in offset..<range.upperBound {
                tail |= UInt64(bytes.littleEndian(at: index, as: UInt8.self)) << UInt64(8 * (index - offset))
            }
            hash = (hash ^ tail) &* multiplier
        }
        hash ^= hash >> 47
        hash = hash &* multiplier
        return hash ^ (hash >> 47)
    }

    /// What one value adds to the index of its tuple's task.
    static func contribution(_ bytes: RawSpan, _ range: Range<Int>) -> Int32 {
        Int32(hash(bytes, range) % modulus)
    }

    /// The position in the sorted list of tasks for a sum of contributions, which may have overflowed as in Heron.
    static func position(ofSum sum: Int32, among count: Int) -> Int {
        Int(UInt64(bitPattern: Int64(sum)) % UInt64(count))
    }
}
