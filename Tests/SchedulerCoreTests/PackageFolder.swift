import Files
import Glibc
import Synchronization
import Testing

@testable import SchedulerCore

/// A working directory of a test's own, with the store that serves its files at `host:1`.
final class PackageFolder: Sendable {
    let path: String
    let store: PackageStore
    let clock = TestClock()

    static let hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

    init() throws {
        var template: [CChar] = Array("/tmp/heron-packages-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        store = PackageStore(directory: path) { [clock] in clock.now }
        store.listens(at: "host:1")
    }

    deinit {
        try? removeTree(path)
    }

    /// Writes into a file that may be there.
    func write(_ name: String, _ bytes: [UInt8]) throws {
        let descriptor: Int32 = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
    }

    func write(_ name: String, _ text: String) throws {
        try write(name, Array(text.utf8))
    }

    /// The path of a URL on `host:1`.
    static func urlPath(_ url: String) throws -> String {
        try #require(url.hasPrefix("http://host:1/"))
        return String(url.dropFirst("http://host:1".count))
    }
}

/// A clock that stands until it is set forward.
final class TestClock: Sendable {
    private let time = Mutex(ContinuousClock.now)

    var now: ContinuousClock.Instant { time.withLock { $0 } }

    func advance(by duration: Duration) {
        time.withLock { $0 += duration }
    }
}
