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
        /// A Java archive with its dependencies.
        case jar
        /// An archive of jars, compressed or not.
        case tar
        /// A C++ library; a program of its own defines the topology.
        case library
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
    /// Throws ``SubmissionError`` for a missing or unreadable file and for one of an unknown kind.
    public init(_ givenPath: String) throws {
        self.givenPath = givenPath
        kind = try TopologyFile.kind(of: givenPath)
        path = try TopologyFile.readable(givenPath)
        if kind == .pex { try checkPexFile(at: path) }
        if kind == .jar { _ = try JarFile(path: path) }
    }

    private static func kind(of path: String) throws -> Kind {
        guard !path.contains("://") else {
            throw SubmissionError(
                "topology file '\(path)' is a URI, which is not supported yet",
                hint: "download it and submit the local file"
            )
        }
        let kinds: [(suffix: String, kind: Kind)] = [
            (".pex", .pex), (".py", .python), (".jar", .jar), (".tar", .tar), (".tar.gz", .tar), (".so", .library),
            (".dylib", .library),
        ]
        guard let match = kinds.first(where: { path.hasSuffix($0.suffix) }) else {
            throw SubmissionError(
                "topology file '\(path)' is of an unknown type",
                hint: "use a .jar, .tar, .tar.gz, .pex or .py file"
            )
        }
        return match.kind
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
