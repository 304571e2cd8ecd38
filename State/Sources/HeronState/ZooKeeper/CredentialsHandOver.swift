import Glibc
import ZooKeeperClient

extension StateSettings {
    /// Puts the credentials into the directory where a scheduler or containers are about to run, in a file
    /// ``CredentialsSource/fileName`` that only this user may read; it replaces one that is there.
    ///
    /// Changes nothing where there are no credentials, or the state is kept in files. Blocks for a moment. Throws
    /// ``StateError``.
    public func giveCredentials(to directory: String) throws {
        guard try backEnd() == .zooKeeper, let credentials = try zooKeeper.credentials() else { return }
        try naming("") {
            try Self.write(
                credentials.digestBytes + [UInt8(ascii: "\n")],
                to: "\(directory)/\(CredentialsSource.fileName)"
            )
        }
    }

    /// By a new file that takes the name at last: whoever reads finds all of it, and a file or link that somebody has put
    /// there is not written to.
    private static func write(_ content: [UInt8], to path: String) throws {
        let new = "\(path).\(randomHex(bytes: 8))"
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = try Descriptor(takingOwnershipOf: open(new, flags, 0o600), path: new, action: "create")
        do {
            try file.writeAll(content)
            try file.synchronize()
            guard rename(new, path) == 0 else { throw FileFailure("create", path) }
        } catch {
            unlink(new)
            throw error
        }
    }
}
