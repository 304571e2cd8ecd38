import Files
import FoundationEssentials
import Glibc

/// What a check's process is told, through a file in its scratch folder.
struct CheckRequest: Codable, Sendable {
    var check: Check
    /// The plugin's folder.
    var folder: String
    var properties: [String: String]
    var seed: UInt64
    /// The last seed to use, if sequences are to be repeated rather than made for a while.
    var lastSeed: UInt64?
    var fuzzMilliseconds: Int

    static func path(in scratch: String) -> String { "\(scratch)/request.json" }

    /// Throws `FileError`.
    func write(to scratch: String) throws {
        let file = try File(creating: CheckRequest.path(in: scratch), permissions: 0o600)
        try Array(try JSONEncoder().encode(self)).withUnsafeBytes { try file.write($0) }
        try file.close()
    }

    /// Throws `FileError`, and `DecodingError` for a file that nobody wrote with ``write(to:)``.
    static func read(from scratch: String) throws -> CheckRequest {
        let file = try File(reading: path(in: scratch))
        let bytes = try file.bytes(at: 0, count: Int(clamping: try file.status().size))
        return try JSONDecoder().decode(CheckRequest.self, from: Data(bytes))
    }
}

/// What a check's process tells, one per line of a file in its scratch folder.
enum CheckFinding: Codable, Sendable, Hashable {
    case violation(Violation)
    /// A rule that could not be looked at, and why.
    case skipped(Rule, String)
    /// The check has come to its end.
    case finished

    static func path(in scratch: String) -> String { "\(scratch)/findings.json" }

    static func read(from scratch: String) -> [CheckFinding] {
        guard let file = try? File(reading: path(in: scratch)), let size = try? file.status().size,
            let bytes = try? file.bytes(at: 0, count: Int(clamping: size))
        else { return [] }
        return bytes.split(separator: UInt8(ascii: "\n")).compactMap {
            try? JSONDecoder().decode(CheckFinding.self, from: Data($0))
        }
    }
}
