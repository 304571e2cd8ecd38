import Files
import Glibc
import PluginHost
import Synchronization

/// The files of a working directory that a scheduler service serves to machines that run containers. Safe from any
/// thread.
///
/// A URL is a capability: it holds the file's checksum, which only those know who are told, or, for a secret, a random
/// token that is good for one download. A file that is not published is not served. Calls block on the disk.
public final class PackageStore: Sendable {
    private struct Published {
        let path: String
        let sum: String
        var version: PackageFile.Version
    }

    private struct OneTime {
        let path: String
        let deadline: ContinuousClock.Instant
        /// Whether a download is under way.
        var isTaken = false
    }

    private struct Contents {
        var endpoint: String?
        /// By the URL's path.
        var published: [String: Published] = [:]
        var oneTime: [String: OneTime] = [:]
    }

    /// How long a one-time URL is good.
    public static let oneTimeLimit = Duration.seconds(15 * 60)

    private let directory: String
    private let now: @Sendable () -> ContinuousClock.Instant
    private let contents = Mutex(Contents())

    /// - Parameters:
    ///   - directory: absolute; nothing outside of it is ever served.
    ///   - now: tells the time; for tests.
    public init(
        directory: String,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.directory = directory
        self.now = now
    }

    /// Says where the service is to be reached, `host:port`; before that, nothing can be published.
    public func listens(at endpoint: String) {
        contents.withLock { $0.endpoint = endpoint }
    }

    /// Serves a file under its checksum, and returns the URL. Throws `PublishingError`.
    public func publish(_ file: String) throws -> String {
        let endpoint = try endpoint()
        let path = try resolve(file)
        guard let (version, sum) = try reading(file, { try PackageFile.checksum(of: path) }) else {
            throw PublishingError(.unavailable, "cannot publish '\(file)': it is being written to")
        }
        let urlPath = "/packages/\(sum)/\(PackageStore.encodedName(path))"
        contents.withLock { $0.published[urlPath] = Published(path: path, sum: sum, version: version) }
        return "http://\(endpoint)\(urlPath)"
    }

    /// Serves a file once, with its content at the time of the download, and returns the URL. Throws `PublishingError`.
    public func publishOnce(_ file: String) throws -> String {
        let endpoint = try endpoint()
        let path = try resolve(file)
        _ = try reading(file) { try PackageFile(path) }
        let urlPath = "/once/\(PackageStore.token())/\(PackageStore.encodedName(path))"
        let time = now()
        contents.withLock { contents in
            contents.oneTime = contents.oneTime.filter { $0.value.deadline > time }
            contents.oneTime[urlPath] = OneTime(path: path, deadline: time + PackageStore.oneTimeLimit)
        }
        return "http://\(endpoint)\(urlPath)"
    }

    /// The size in bytes of what a download would bring; nil if there is nothing at that path of a URL.
    public func size(of urlPath: String) -> Int64? {
        if let file = openPublished(urlPath) { return file.version.size }
        let time = now()
        let oneTime = contents.withLock { $0.oneTime[urlPath] }
        guard let oneTime, !oneTime.isTaken, oneTime.deadline > time else { return nil }
        return try? PackageFile(oneTime.path).version().size
    }

    /// Begins a download; nil if there is nothing at that path of a URL, or somebody else is downloading it for the only
    /// time.
    public func download(_ urlPath: String) -> PackageDownload? {
        if let (file, version) = openPublished(urlPath) { return PackageDownload(file, version) }
        guard let path = takeOneTime(urlPath) else { return nil }
        guard let file = try? PackageFile(path), let version = try? file.version() else {
            endOneTime(urlPath, isComplete: false)
            return nil
        }
        return PackageDownload(file, version) { [weak self] in self?.endOneTime(urlPath, isComplete: $0) }
    }
}

extension PackageStore {
    /// The file, if it still holds what was published; it is forgotten if not.
    private func openPublished(_ urlPath: String) -> (file: PackageFile, version: PackageFile.Version)? {
        guard let entry = contents.withLock({ $0.published[urlPath] }) else { return nil }
        if let file = try? PackageFile(entry.path), let version = try? file.version() {
            if version == entry.version { return (file, version) }
            // Touched, linked or copied anew: only the content counts.
            if version.size == entry.version.size, let found = try? PackageFile.checksum(of: entry.path),
                found.sum == entry.sum, found.version == version
            {
                contents.withLock { $0.published[urlPath]?.version = version }
                return (file, version)
            }
        }
        contents.withLock { contents in
            if contents.published[urlPath]?.version == entry.version { contents.published[urlPath] = nil }
        }
        return nil
    }

    private func takeOneTime(_ urlPath: String) -> String? {
        let time = now()
        return contents.withLock { contents in
            guard let entry = contents.oneTime[urlPath], !entry.isTaken else { return nil }
            guard entry.deadline > time else {
                contents.oneTime[urlPath] = nil
                return nil
            }
            contents.oneTime[urlPath]?.isTaken = true
            return entry.path
        }
    }

    private func endOneTime(_ urlPath: String, isComplete: Bool) {
        contents.withLock { contents in
            if isComplete { contents.oneTime[urlPath] = nil } else { contents.oneTime[urlPath]?.isTaken = false }
        }
    }

    private func endpoint() throws -> String {
        guard let endpoint = contents.withLock({ $0.endpoint }) else {
            throw PublishingError(.unavailable, "the scheduler service does not listen yet")
        }
        return endpoint
    }

    /// The absolute path of a file without symbolic links, which must lie in the directory.
    private func resolve(_ file: String) throws -> String {
        let written = file.hasPrefix("/") ? file : "\(directory)/\(file)"
        let path = try reading(file) { try PackageStore.realPath(written) }
        let root = try reading(file) { try PackageStore.realPath(directory) }
        guard path.hasPrefix(root == "/" ? root : root + "/") else {
            throw PublishingError(.notServable, "cannot publish '\(file)': it is not in \(directory)")
        }
        return path
    }

    private func reading<Value>(_ file: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as FileError {
            let code: PublishingError.Code =
                switch error.code {
                case ENOENT, ENOTDIR: .notFound
                case EISDIR, EINVAL, ENXIO, ELOOP: .notServable
                default: .unavailable
                }
            let reason = code == .notServable ? "it is not a regular file" : error.description
            throw PublishingError(code, "cannot publish '\(file)': \(reason)")
        }
    }

    private static func realPath(_ path: String) throws -> String {
        guard let resolved = realpath(path, nil) else { throw FileError("read", path, code: errno) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// 256 random bits of the system's generator, in hexadecimal digits.
    private static func token() -> String {
        (0..<4).map { _ in
            let digits = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }

    /// The last component of a path as a component of a URL (RFC 3986, section 2.3).
    private static func encodedName(_ path: String) -> String {
        let name = path.utf8.split(separator: UInt8(ascii: "/")).last ?? [][...]
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        return name.map { byte in
            if unreserved.contains(byte) { return String(UnicodeScalar(byte)) }
            return (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}
