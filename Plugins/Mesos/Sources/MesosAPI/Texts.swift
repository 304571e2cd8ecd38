import Glibc

/// What others sent, fit for the middle of a line: no control characters, not too long.
func oneLine(_ text: String, limit: Int = 300) -> String {
    let words = text.unicodeScalars.prefix(limit).split { $0.properties.generalCategory == .control || $0 == " " }
    let line = words.map { String(String.UnicodeScalarView($0)) }.joined(separator: " ")
    return text.unicodeScalars.count > limit ? line + "…" : line
}

func oneLine(_ bytes: some Collection<UInt8>) -> String {
    oneLine(String(decoding: bytes, as: UTF8.self))
}

/// Without white space at both ends.
func trimmed(_ text: Substring) -> Substring {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
    var text = text.drop(while: isSpace)
    while let last = text.last, isSpace(last) { text.removeLast() }
    return text
}

/// The system's words for an error number, as they fit the middle of a line.
func systemText(_ code: Int) -> String {
    var buffer = [CChar](repeating: 0, count: 128)
    guard strerror_r(Int32(truncatingIfNeeded: code), &buffer, buffer.count) == 0 else { return "error \(code)" }
    let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return text.prefix(1).lowercased() + text.dropFirst()
}

/// RFC 4648's base64, with padding.
func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        var bits: UInt32 = 0
        for index in 0..<3 { bits = bits << 8 | (index < group.count ? UInt32(group[start + index]) : 0) }
        for index in 0..<4 {
            let digit = digits[Int(bits >> (18 - 6 * UInt32(index)) & 0x3F)]
            text.append(index <= group.count ? digit : UInt8(ascii: "="))
        }
    }
    return String(decoding: text, as: UTF8.self)
}
