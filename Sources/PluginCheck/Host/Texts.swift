import Glibc
import PluginABI

extension Recorder {
    /// What a text is for.
    enum TextKind {
        /// A name or a value.
        case text
        /// Something for people, in one line.
        case line
    }

    /// Whether a text that the plugin passes to its host can be read at all; notes what is wrong with it.
    func accepts(_ text: heron_string, _ kind: TextKind, _ what: String) -> Bool {
        if text.length == 0 { return true }
        let limit = kind == .line ? 1 << 20 : 16 << 20
        guard text.length > 0, text.length <= limit else {
            note(.texts, "\(what) has \(UInt(bitPattern: text.length)) bytes")
            return false
        }
        guard let data = text.data else {
            note(.texts, "\(what) is NULL with \(text.length) bytes")
            return false
        }
        let bytes = UnsafeRawBufferPointer(start: data, count: text.length)
        guard let valid = String(validating: bytes, as: UTF8.self) else {
            note(.texts, "\(what) is not UTF-8")
            return true
        }
        if kind == .line, valid.contains(where: \.isNewline) { note(.texts, "\(what) has more than one line") }
        if valid.utf8.contains(0) { note(.texts, "\(what) has a NUL byte in it") }
        return true
    }

    /// The same for bytes, which may be anything.
    func accepts(_ bytes: heron_bytes, _ what: String) -> Bool {
        if bytes.length == 0 { return true }
        guard bytes.length > 0, bytes.length <= 64 << 20, bytes.data != nil else {
            note(.texts, "\(what) has \(UInt(bitPattern: bytes.length)) bytes\(bytes.data == nil ? " at NULL" : "")")
            return false
        }
        return true
    }

    /// The same for a NUL-terminated name.
    func accepts(_ name: UnsafePointer<CChar>?, _ what: String) -> Bool {
        guard let name, strnlen(name, 1024) < 1024 else {
            note(.texts, "\(what) is NULL, or not NUL-terminated")
            return false
        }
        return true
    }
}
