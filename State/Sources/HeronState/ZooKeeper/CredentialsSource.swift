import Glibc
import ZooKeeperClient

/// A place that may have the credentials for ZooKeeper: `user:password` for its `digest` scheme.
///
/// A file must be a regular one, belong to the user or root, give others no permission, and have just that one line.
/// Errors never show what a place holds.
public enum CredentialsSource: Sendable, Hashable {
    /// The environment variable `HERON_ZOOKEEPER_AUTH`, for people and tests; empty counts as not set.
    case environment
    /// A file that must be there, by its absolute path.
    case file(String)
    /// The file ``fileName`` in the directory where a scheduler or a container runs, if it is there.
    case workingDirectory(String)

    /// What ``StateSettings/giveCredentials(to:)`` calls the file. `HERON_CREDENTIALS_FILE` of the plugin ABI, and what
    /// heron-shell keeps to itself, say the same.
    public static let fileName = ".zookeeper-auth"
    static let variable = "HERON_ZOOKEEPER_AUTH"

    /// What the place holds; nil if there is nothing. Throws ``StateError`` `badConfiguration` if it cannot be used.
    func read(environment: (String) -> String?) throws -> ZooKeeperCredentials? {
        switch self {
        case .environment:
            guard let text = environment(Self.variable), !text.isEmpty else { return nil }
            return try parse(Array(text.utf8))
        case .file(let path):
            guard path.hasPrefix("/") else {
                throw StateError(key: .authFile, "'\(path)' is not an absolute path", hint: "begin it with /")
            }
            // A link is fine here: that is how clusters hand out secrets.
            return try parse(content(Glibc.open(path, Self.flags), path))
        case .workingDirectory(let directory):
            let path = "\(directory)/\(Self.fileName)"
            let file = Glibc.open(path, Self.flags | O_NOFOLLOW)
            if file < 0 && errno == ENOENT { return nil }
            return try parse(content(file, path))
        }
    }

    // Without O_NONBLOCK, opening a pipe that no one writes to would hang.
    private static let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK
    private static let maximumSize = 4096

    private func content(_ raw: Int32, _ path: String) throws -> [UInt8] {
        do {
            let file = try Descriptor(takingOwnershipOf: raw, path: path, action: "read")
            try check(file)
            return try file.readAll(limit: Self.maximumSize)
        } catch let failure as FileFailure where failure.number == EFBIG {
            throw unusable(Self.tooLong)
        } catch let failure as FileFailure {
            throw unusable("cannot be read: \(String(cString: strerror(failure.number)))")
        }
    }

    private func check(_ file: Descriptor) throws {
        var status = stat()
        guard fstat(file.raw, &status) == 0 else { throw FileFailure("read", file.path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw unusable("is not a regular file") }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw unusable("belongs to another user, with id \(status.st_uid)", hint: "use a file of your own")
        }
        guard status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw unusable("gives others permissions (mode \(mode))", hint: "chmod 600 \(file.path)")
        }
    }

    private static let tooLong = "is longer than \(maximumSize) bytes"
    private static let form = "it has to be one line user:password"

    private func parse(_ bytes: [UInt8]) throws -> ZooKeeperCredentials {
        let line = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
        guard !line.isEmpty else { throw unusable("is empty", hint: Self.form) }
        guard line.count <= Self.maximumSize else { throw unusable(Self.tooLong) }
        guard !line.contains(UInt8(ascii: "\n")) else { throw unusable("has more than one line", hint: Self.form) }
        guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw unusable("has a control character in it", hint: Self.form)
        }
        guard let text = String(validating: line, as: UTF8.self) else { throw unusable("is not UTF-8 text") }
        // As ZooKeeper reads it: the password may contain colons.
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex, text[colon...] != ":" else {
            throw unusable("is not of the form user:password", hint: Self.form)
        }
        return ZooKeeperCredentials(user: String(text[..<colon]), password: String(text[colon...].dropFirst()))
    }

    private func unusable(_ reason: String, hint: String? = nil) -> StateError {
        let place =
            switch self {
            case .environment: "the environment variable \(Self.variable)"
            case .file(let path): "\(StateKey.authFile.rawValue): \(path)"
            case .workingDirectory(let directory): "\(directory)/\(Self.fileName)"
            }
        return StateError(.badConfiguration, path: "", "\(place) \(reason)", hint: hint)
    }
}
