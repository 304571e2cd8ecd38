import Glibc
import Logging

/// One line of a log.
struct LogLine {
    let time: LogTime
    let level: Logger.Level
    let message: String
    let details: Logger.Metadata

    /// The line's bytes, with the newline.
    var bytes: [UInt8] {
        var bytes: [UInt8] = Array("[\(time.text)] [\(levelName)]: ".utf8)
        LogLine.append(message, to: &bytes)
        for (key, value) in details.sorted(by: { $0.key < $1.key }) {
            LogLine.append(" \(key)=\(value)", to: &bytes)
        }
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    /// Heron's levels, which are Python's.
    private var levelName: String {
        switch level {
        case .trace, .debug: "DEBUG"
        case .info, .notice: "INFO"
        case .warning: "WARNING"
        case .error: "ERROR"
        case .critical: "CRITICAL"
        }
    }

    /// Appends a text with its control characters (C0, DEL, C1 and the line separators) as `\n`, `\t` or `\u{…}`.
    private static func append(_ text: String, to bytes: inout [UInt8]) {
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A: bytes += "\\n".utf8
            case 0x0D: bytes += "\\r".utf8
            case 0x09: bytes += "\\t".utf8
            case 0..<0x20, 0x7F..<0xA0, 0x2028...0x2029: bytes += "\\u{\(String(scalar.value, radix: 16))}".utf8
            default: bytes += UTF8.encode(scalar).map(Array.init) ?? []
            }
        }
    }

    /// Writes the line. A log that cannot be written is not a reason to stop: the line is lost then.
    func write(to descriptor: Int32) {
        var rest: ArraySlice<UInt8> = bytes[...]
        while !rest.isEmpty {
            let count: Int = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                return
            }
        }
    }
}

/// A point in time, in whole seconds since 1970.
struct LogTime {
    let seconds: time_t

    static var now: LogTime { LogTime(seconds: time(nil)) }

    /// Local time as `%Y-%m-%d %H:%M:%S %z`.
    var text: String {
        var seconds: time_t = self.seconds
        var parts = tm()
        var buffer = [CChar](repeating: 0, count: 64)
        guard localtime_r(&seconds, &parts) != nil else { return "\(seconds)" }
        let count: Int = strftime(&buffer, buffer.count, "%Y-%m-%d %H:%M:%S %z", &parts)
        return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
