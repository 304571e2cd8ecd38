import Files
import Glibc

@testable import Submission

/// A folder of a test's own, removed with the value.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = try TemporaryDirectory.create().path
    }

    deinit {
        try? removeTree(path)
    }

    /// Writes a file and returns its path.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try write(name, Array(text.utf8))
    }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = try File(creating: "\(path)/\(name)")
        try bytes.withUnsafeBytes { try file.write($0) }
        try file.close()
        return "\(path)/\(name)"
    }

    /// The text of a file; nil if there is none.
    func text(_ name: String) throws -> String? {
        guard try FileStatus.ifPresent("\(path)/\(name)") != nil else { return nil }
        let file = try File(reading: "\(path)/\(name)")
        return String(decoding: try file.bytes(at: 0, count: Int(file.status().size)), as: UTF8.self)
    }
}
