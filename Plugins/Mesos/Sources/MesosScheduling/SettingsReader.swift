import Files
import Glibc
import PluginKit

/// Configuration values, checked.
struct SettingsReader {
    let host: Host

    /// Nil if the key is not set, or empty.
    func text(_ key: String) -> String? {
        host.config(key).flatMap { $0.isEmpty ? nil : $0 }
    }

    func require(_ key: String) throws -> String {
        guard let text = text(key) else { throw PluginFailure(.invalidArgument, "\(key) is not set") }
        return text
    }

    /// The host has checked that it is `true` or `false`.
    func flag(_ key: String) -> Bool { host.config(key) == "true" }

    func integer(_ key: String, in range: ClosedRange<Int64>) throws -> Int64 {
        guard let value = host.config(key).flatMap({ Int64($0) }), range.contains(value) else {
            throw PluginFailure(.invalidArgument, "\(key) must be \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A time of a day at most.
    func milliseconds(_ key: String) throws -> Int64 {
        guard let value = host.config(key).flatMap({ Int64($0) }), (0...86_400_000).contains(value) else {
            throw PluginFailure(.invalidArgument, "\(key) must be 0 to 86400000 milliseconds")
        }
        return value
    }

    /// An amount of a resource, as Mesos counts it.
    func thousandths(_ key: String) throws -> Int64 {
        guard let value = host.config(key).flatMap({ Double($0) }), value > 0, value <= 1e9 else {
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

    /// The content of a file that nobody but its owner may read, without white space around it; nil if the key is not
    /// set.
    func secret(_ key: String) throws -> String? {
        try text(key).map { try secret(key, in: $0) }
    }

    /// The same for a path that the key's value holds.
    func secret(_ key: String, in path: String) throws -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
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
        var bytes = [UInt8](repeating: 0, count: SettingsReader.longestSecret)
        let count = read(file, &bytes, bytes.count)
        let text = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
        let secret = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !secret.isEmpty else { throw PluginFailure(.invalidArgument, "\(key): \(path) is empty") }
        return secret
    }

    private static let longestSecret = 64 << 10
}
