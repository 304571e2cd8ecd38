import Files
import Glibc
import PluginKit

/// Configuration values, checked.
struct SettingsReader {
    /// The value of a key as it was configured, or its default; nil if there is neither.
    let value: (String) -> String?

    /// Nil if the key is not set, or empty.
    func text(_ key: String) -> String? {
        value(key).flatMap { $0.isEmpty ? nil : $0 }
    }

    func require(_ key: String) throws -> String {
        guard let text = text(key) else { throw PluginFailure(.invalidArgument, "\(key) is not set") }
        return text
    }

    /// The host has checked that it is `true` or `false`.
    func flag(_ key: String) -> Bool { value(key) == "true" }

    func integer(_ key: String, in range: ClosedRange<Int64>) throws -> Int64 {
        guard let value = value(key).flatMap({ Int64($0) }), range.contains(value) else {
            throw PluginFailure(.invalidArgument, "\(key) must be \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A time of a day at most.
    func milliseconds(_ key: String, atLeast minimum: Int64 = 0) throws -> Int64 {
        guard let value = value(key).flatMap({ Int64($0) }), (minimum...86_400_000).contains(value) else {
            throw PluginFailure(.invalidArgument, "\(key) must be \(minimum) to 86400000 milliseconds")
        }
        return value
    }

    /// An amount of a resource, as Mesos counts it.
    func thousandths(_ key: String) throws -> Int64 {
        guard let value = value(key).flatMap({ Double($0) }), value > 0, value <= 1e9 else {
            throw PluginFailure(.invalidArgument, "\(key) must be a number above 0")
        }
        return max(Int64((value * 1000).rounded()), 1)
    }

    /// The path of a file that can be read; nil if the key is not set.
    func file(_ key: String) throws -> String? {
        guard let path = text(key) else { return nil }
        guard access(path, R_OK) == 0 else {
            throw PluginFailure(.notFound, "\(key): cannot read \(path): \(String(cString: strerror(errno)))")
        }
        return path
    }

    /// The path of a file that can be read, by nobody but its owner; nil if the key is not set.
    func privateFile(_ key: String) throws -> String? {
        guard let path = text(key) else { return nil }
        try withPrivateFile(key, path) { _ in }
        return path
    }

    /// The one line in a file that nobody but its owner may read, without white space around it; nil if the key is not
    /// set.
    func secret(_ key: String) throws -> String? {
        try text(key).map { try secret(key, in: $0) }
    }

    /// The same for a path that the key's value holds.
    func secret(_ key: String, in path: String) throws -> String {
        let bytes = try withPrivateFile(key, path) { file in
            var bytes = [UInt8](repeating: 0, count: SettingsReader.longestSecret)
            let count = read(file, &bytes, bytes.count)
            return bytes.prefix(max(count, 0))
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PluginFailure(.invalidArgument, "\(key): \(path) is not text in UTF-8")
        }
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else {
            throw PluginFailure(.invalidArgument, "\(key): \(path) is empty")
        }
        let secret = text[first...last]
        // It may become a line of a request's header.
        guard !secret.contains(where: \.isNewline) else {
            throw PluginFailure(.invalidArgument, "\(key): \(path) has more than one line")
        }
        return String(secret)
    }

    /// Throws ``PluginFailure`` if the file cannot be opened, is not a file of a secret's size, or others may read it.
    private func withPrivateFile<Result>(_ key: String, _ path: String, _ body: (Int32) -> Result) throws -> Result {
        // Without O_NONBLOCK, opening a pipe that no one writes to would hang.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            throw PluginFailure(.notFound, "\(key): cannot read \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        var info = stat()
        guard fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_size <= SettingsReader.longestSecret
        else {
            throw PluginFailure(.invalidArgument, "\(key): \(path) is not a small regular file")
        }
        guard info.st_mode & 0o077 == 0 else {
            throw PluginFailure(
                .permissionDenied,
                "\(key): others may read \(path)",
                hint: "chmod 600 \(path)"
            )
        }
        return body(file)
    }

    private static let longestSecret = 64 << 10
}
