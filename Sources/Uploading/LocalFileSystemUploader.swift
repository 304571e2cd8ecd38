import Files
import Glibc

/// Copies packages into a folder that the containers can read: on one machine, or on a shared file system.
///
/// The file is named as Heron names it, `<topology>-<role>-tag-0.tar.gz`, so a new package takes the place of an older
/// one of the same topology and role, in one step: a reader sees the old or the new one, never a part. Until the
/// submission is decided the old one is kept under a hidden name.
public struct LocalFileSystemUploader: Uploader {
    private let directory: String
    private let fileName: String

    /// - Parameters:
    ///   - directory: `heron.uploader.localfs.file.system.directory`; created by the first upload if it is missing.
    ///   - topology: the topology's name.
    ///   - role: the role it is submitted under.
    ///
    /// Throws ``UploadError`` if a name cannot be part of a file name.
    public init(directory: String, topology: String, role: String) throws {
        for name in [topology, role] where name.isEmpty || name.utf8.contains(where: { $0 == 0 || $0 == 0x2F }) {
            throw UploadError.badName(name)
        }
        self.directory = try absolutePath(directory)
        fileName = "\(topology)-\(role)-tag-0.tar.gz"
    }

    /// Throws `FileError`, or `CancellationError` if the task was cancelled.
    public func upload(_ package: String) throws -> any UploadedPackage {
        let target = "\(directory)/\(fileName)"
        let copy = "\(directory)/\(temporaryName(for: "uploading"))"
        let folders: [String] = try createFolders(directory)
        do {
            let identity: FileStatus.Identity = try copyFile(package, to: copy).identity
            let previous: String? = try keepPrevious(target)
            do {
                try renameFile(copy, to: target)
            } catch {
                if let previous { try? removeFile(previous) }
                throw error
            }
            return LocalPackage(path: target, identity: identity, previous: previous, folders: folders)
        } catch {
            try? removeFile(copy)
            removeFoldersIfEmpty(folders)
            throw error
        }
    }

    /// Throws `FileError`.
    public func remove() throws {
        try removeFile("\(directory)/\(fileName)")
        removeFoldersIfEmpty([directory])
    }

    /// Gives the package that is about to be replaced a second name; nil if there is none.
    private func keepPrevious(_ target: String) throws -> String? {
        guard let status = try FileStatus.ifPresent(target) else { return nil }
        guard status.kind != .folder else { throw FileError("write", target, code: EISDIR) }
        let name = "\(directory)/\(temporaryName(for: "previous"))"
        try linkFile(target, to: name)
        return name
    }
}

/// A package in a folder of this machine.
private struct LocalPackage: UploadedPackage {
    let path: String
    /// Tells this package from one that somebody else has put in its place since.
    let identity: FileStatus.Identity
    /// The hidden name of the package that this one replaced.
    let previous: String?
    /// The folders that had to be made.
    let folders: [String]

    var uri: String { "file://" + percentEncoded(path) }

    func keep() throws {
        if let previous { try removeFile(previous) }
    }

    func undo() throws {
        if try FileStatus.ifPresent(path)?.identity == identity {
            if let previous {
                try renameFile(previous, to: path)
            } else {
                try removeFile(path)
            }
        } else if let previous {
            try removeFile(previous)
        }
        removeFoldersIfEmpty(folders)
    }
}

/// A path as part of a URI. What Heron's own names consist of stays as it is.
private func percentEncoded(_ path: String) -> String {
    let safe: Set<UInt8> = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/+,:@=!$&'()*;".utf8)
    return path.utf8.map { byte in
        let digits: String = String(byte, radix: 16, uppercase: true)
        return safe.contains(byte)
            ? String(UnicodeScalar(byte)) : "%" + (digits.utf8.count == 1 ? "0" : "") + digits
    }.joined()
}
