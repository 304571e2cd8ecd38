import Glibc

/// Times for people: the local zone's.
enum LocalTime {
    /// `2026-01-31 13:05:00 +0100` for seconds since the epoch.
    static func text(_ seconds: Int64) -> String {
        var moment: time_t = time_t(seconds)
        var parts = tm()
        guard localtime_r(&moment, &parts) != nil else { return "-" }
        var buffer = [CChar](repeating: 0, count: 64)
        let length: Int = strftime(&buffer, buffer.count, "%Y-%m-%d %H:%M:%S %z", &parts)
        return String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
