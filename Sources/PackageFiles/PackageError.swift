import Files

/// Why a package cannot be built, fetched or unpacked, as one line for the user.
public enum PackageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A member would end up outside the folder, or is of a kind that does not belong into a package.
    case unsafeMember(package: String, member: String, reason: String)
    /// The file is not an archive, or a damaged one.
    case malformed(package: String, reason: String)
    /// The archive exceeds what unpacking is limited to.
    case tooLarge(package: String, reason: String)
    /// Something with the name of a member is in the way.
    case alreadyExists(package: String, path: String)
    /// A file that is to be packed cannot be.
    case unpackable(path: String, reason: String)
    /// A package's URI cannot be fetched.
    case unsupportedURI(uri: String, reason: String)

    public var description: String {
        switch self {
        case .unsafeMember(let package, let member, let reason):
            "package \(quoted(package)) is refused because of its member \(quoted(member)): \(reason)"
        case .malformed(let package, let reason):
            "package \(quoted(package)) cannot be read: \(reason)"
        case .tooLarge(let package, let reason):
            "package \(quoted(package)) is refused: \(reason)"
        case .alreadyExists(let package, let path):
            "cannot unpack package \(quoted(package)): \(quoted(path)) already exists; empty the folder first"
        case .unpackable(let path, let reason):
            "cannot pack \(quoted(path)): \(reason)"
        case .unsupportedURI(let uri, let reason):
            "cannot fetch package \(quoted(uri)): \(reason)"
        }
    }
}
