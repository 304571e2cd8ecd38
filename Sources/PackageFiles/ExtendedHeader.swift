/// The records of a POSIX extended header (pax): `length key=value\n`, the length that of the whole record.
enum ExtendedHeader {
    /// Reads records; nil if they are malformed. Of a repeated key the last one counts.
    static func parse(_ bytes: [UInt8]) -> [String: [UInt8]]? {
        var records: [String: [UInt8]] = [:]
        var rest: ArraySlice<UInt8> = bytes[...]
        while !rest.isEmpty {
            let digits: ArraySlice<UInt8> = rest.prefix { $0 != UInt8(ascii: " ") }
            guard let length = Int(String(decoding: digits, as: UTF8.self)), length > digits.count, length <= rest.count
            else { return nil }
            let record: ArraySlice<UInt8> = rest.dropFirst(digits.count + 1).prefix(length - digits.count - 1)
            guard record.last == UInt8(ascii: "\n"), let equals = record.firstIndex(of: UInt8(ascii: "=")) else {
                return nil
            }
            records[String(decoding: record[..<equals], as: UTF8.self)] = Array(record[(equals + 1)...].dropLast())
            rest = rest.dropFirst(length)
        }
        return records
    }

    /// One record.
    static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let body: [UInt8] = Array(" \(key)=".utf8) + value + [UInt8(ascii: "\n")]
        var length: Int = body.count
        // The length counts its own digits, which may make it one digit longer.
        while length != body.count + "\(length)".utf8.count { length = body.count + "\(length)".utf8.count }
        return Array("\(length)".utf8) + body
    }
}
