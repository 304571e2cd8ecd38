import Files

/// Leaves the package to the topology's own scheduler service, which serves it from its working directory: no storage
/// has to be shared.
///
/// The URI only names the package; the launcher's ``ServedPackage/bring(_:into:)`` takes it to the directory, and with
/// the directory it goes.
public struct SchedulerUploader: Uploader {
    public init() {}

    /// Throws `FileError`, or `CancellationError` if the task was cancelled.
    public func upload(_ package: String) throws -> any UploadedPackage {
        Named(uri: ServedPackage(checksum: try SHA256.ofFile(package)).uri)
    }

    public func remove() {}

    private struct Named: UploadedPackage {
        let uri: String

        func keep() {}
        func undo() {}
    }
}

/// A topology's package that its scheduler service serves, known by its checksum.
public struct ServedPackage: Sendable, Hashable {
    /// The SHA-256 in 64 lower-case hexadecimal digits.
    let checksum: String

    /// The package's name in the service's working directory.
    public static let fileName = "topology.tar.gz"

    private static let scheme = "scheduler:"

    init(checksum: String) {
        self.checksum = checksum
    }

    /// The package that a URI names; nil for a URI of another kind.
    ///
    /// Throws ``UploadError/badServedURI(_:)`` if it has no checksum.
    public init?(uri: String) throws {
        guard uri.hasPrefix(ServedPackage.scheme) else { return nil }
        checksum = String(uri.dropFirst(ServedPackage.scheme.count))
        let digits = Set("0123456789abcdef".utf8)
        guard checksum.utf8.count == 64, checksum.utf8.allSatisfy(digits.contains) else {
            throw UploadError.badServedURI(uri)
        }
    }

    /// `scheduler:` and the checksum.
    var uri: String { ServedPackage.scheme + checksum }

    /// Copies the package to where the service serves it, readable by its owner only; returns the copy's path.
    ///
    /// Throws ``UploadError/changed(path:uri:)`` if the file is not the package that was named, `FileError`, or
    /// `CancellationError` if the task was cancelled; then no copy remains. Blocks.
    ///
    /// - Parameters:
    ///   - package: the file on this machine.
    ///   - directory: must exist.
    public func bring(_ package: String, into directory: String) throws -> String {
        let copy = "\(directory)/\(ServedPackage.fileName)"
        _ = try copyFile(package, to: copy, permissions: 0o600)
        do {
            // Of the copy, because that is what containers are going to get.
            guard try SHA256.ofFile(copy) == checksum else { throw UploadError.changed(path: package, uri: uri) }
        } catch {
            try? removeFile(copy)
            throw error
        }
        return copy
    }
}
