import Files
import Glibc

/// A folder for one test, removed with the value.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = "/tmp/\(temporaryName(for: "heron-test").dropFirst())"
        _ = try createFolders(path)
    }

    deinit {
        try? removeTree(path)
    }

    /// A path in the folder.
    subscript(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file, and the folders above it.
    @discardableResult
    func write(_ name: String, _ text: String, permissions: mode_t = 0o644) throws -> String {
        let path: String = self[name]
        _ = try createFolders(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
        let file = try File(creating: path, permissions: permissions)
        try Array(text.utf8).withUnsafeBytes { try file.write($0) }
        try file.close()
        return path
    }

    func write(_ name: String, bytes: [UInt8]) throws -> String {
        let file = try File(creating: self[name])
        try bytes.withUnsafeBytes { try file.write($0) }
        try file.close()
        return self[name]
    }

    func text(_ name: String) throws -> String {
        String(decoding: try bytes(name), as: UTF8.self)
    }

    func bytes(_ name: String) throws -> [UInt8] {
        let file = try File(reading: self[name])
        return try file.bytes(at: 0, count: Int(file.status().size))
    }

    func exists(_ name: String) throws -> Bool {
        try FileStatus.ifPresent(self[name]) != nil
    }
}
