import Files
import Glibc
import PackageFiles

/// The file that a user submits, and how its definition is produced.
public struct TopologyFile: Sendable {
    /// What a topology file contains; the raw value is the executor's `--pkg-type`.
    public enum Kind: Sendable, Hashable {
        /// A Python archive with its dependencies.
        case pex
        /// A single Python file.
        case python
    }

    /// The file as an absolute path.
    public let path: String
    /// The file as the user named it, for messages and `HERON_OPTIONS`.
    public let givenPath: String
    public let kind: Kind

    /// The file's name without its folders.
    public var name: String { baseName(path) }

    /// Checks that the file can be read and is of a kind that runs.
    ///
    /// Throws ``SubmissionError`` for a missing or unreadable file and for a kind that is not there yet.
    public init(_ givenPath: String) throws {
        self.givenPath = givenPath
        kind = try TopologyFile.kind(of: givenPath)
        path = try TopologyFile.readable(givenPath)
        if kind == .pex { try checkPexFile(at: path) }
    }

    private static func kind(of path: String) throws -> Kind {
        guard !path.contains("://") else {
            throw SubmissionError(
                "topology file '\(path)' is a URI, which is not supported yet",
                hint: "download it and submit the local file"
            )
        }
        let later: [(suffix: String, what: String)] = [
            (".jar", "Java topologies are"), (".tar", "Java topologies are"), (".tar.gz", "Java topologies are"),
            (".so", "C++ topologies are"), (".dylib", "C++ topologies are"),
        ]
        if path.hasSuffix(".pex") { return .pex }
        if path.hasSuffix(".py") { return .python }
        for (suffix, what) in later where path.hasSuffix(suffix) {
            throw SubmissionError(
                "topology file '\(path)': \(what) not supported yet",
                hint: "submit a .pex or a .py file"
            )
        }
        throw SubmissionError(
            "topology file '\(path)' is of an unknown type",
            hint: "use a .pex or a .py file"
        )
    }

    private static func readable(_ path: String) throws -> String {
        let status: FileStatus
        do {
            status = try FileStatus(following: path)
        } catch let error as FileError where error.code == ENOENT {
            throw SubmissionError("topology file '\(path)' does not exist", hint: "check its path")
        }
        guard status.kind == .regular else { throw SubmissionError("topology file '\(path)' is not a regular file") }
        guard status.size > 0 else { throw SubmissionError("topology file '\(path)' is empty") }
        _ = try File(reading: path)
        return try absolutePath(path)
    }
}
