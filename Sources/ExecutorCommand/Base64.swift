/// Base64 with padding (RFC 4648), without Foundation.
enum Base64 {
    private static let alphabet: [UInt8] = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group: ArraySlice<UInt8> = bytes[start..<min(start + 3, bytes.count)]
            let padded: [UInt8] = group + Array(repeating: 0, count: 3 - group.count)
            let bits: Int = Int(padded[0]) << 16 | Int(padded[1]) << 8 | Int(padded[2])
            for digit in 0..<4 {
                let isPadding: Bool = digit > group.count
                text.append(isPadding ? UInt8(ascii: "=") : alphabet[bits >> (18 - 6 * digit) & 0x3F])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
