import Synchronization

/// One download of a published file, from its beginning to its end. Safe from any task; one that is dropped before
/// ``finish()`` counts as broken off.
public final class PackageDownload: Sendable {
    /// Bytes.
    public let size: Int64
    private let file: PackageFile
    private let version: PackageFile.Version
    private let ended: @Sendable (_ isComplete: Bool) -> Void
    private let isComplete = Atomic(false)

    init(
        _ file: PackageFile,
        _ version: PackageFile.Version,
        ended: @escaping @Sendable (Bool) -> Void = { _ in }
    ) {
        self.file = file
        self.version = version
        self.ended = ended
        size = version.size
    }

    deinit {
        ended(isComplete.load(ordering: .relaxed))
    }

    /// The file's path, for logs.
    public var name: String { file.path }

    /// Exactly the bytes from a place in the file. Blocks. Throws ``SchedulingError`` if the file has changed since the
    /// download began, and what reading it throws.
    public func bytes(at offset: Int64, count: Int) throws -> [UInt8] {
        let bytes: [UInt8] = try file.bytes(at: offset, count: count)
        guard bytes.count == count, try file.version() == version else {
            throw SchedulingError("\(file.path) was written to while it was downloaded")
        }
        return bytes
    }

    /// Everything was sent.
    public func finish() {
        isComplete.store(true, ordering: .relaxed)
    }
}
