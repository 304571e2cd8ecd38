import Glibc

/// A new directory, removed with all that is in it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/heron-state-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestFailure("mkdtemp: \(errno)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // So that another user may look in.
        chmod(path, 0o755)
    }

    deinit {
        Files.removeTree(path)
    }
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Plain file operations, as another tool would do them.
enum Files {
    static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { return content }
            content += buffer[..<count]
        }
    }

    static func text(_ path: String) -> String? {
        read(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Writes in place, as Heron's Java tools do.
    static func write(_ path: String, _ text: String) throws {
        guard let file = fopen(path, "w") else { throw TestFailure("open \(path): \(errno)") }
        fputs(text, file)
        fclose(file)
    }

    /// Writes another file and renames it, as Heron's C++ processes do.
    static func replace(_ path: String, _ text: String) throws {
        try write("\(path).tmp", text)
        guard rename("\(path).tmp", path) == 0 else { throw TestFailure("rename \(path): \(errno)") }
    }

    static func status(_ path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }

    static func mode(_ path: String) -> mode_t? {
        status(path).map { $0.st_mode & 0o7777 }
    }

    static func removeTree(_ path: String) {
        if status(path).map({ $0.st_mode & S_IFMT == S_IFDIR }) == true {
            chmod(path, 0o700)
            for name in names(path) { removeTree("\(path)/\(name)") }
        }
        remove(path)
    }

    static func names(_ path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
