/// Random ids.
enum RandomID {
    static func bytes() -> [UInt8] { (0..<16).map { _ in UInt8.random(in: .min ... .max) } }

    /// A random UUID (RFC 4122, version 4) in text form.
    static func text() -> String {
        var bytes = bytes()
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return text
    }
}
