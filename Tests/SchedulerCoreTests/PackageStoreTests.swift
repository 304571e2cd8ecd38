import Glibc
import PluginHost
import Testing

@testable import SchedulerCore

@Suite("Files that the scheduler service serves")
struct PackageStoreTests {
    private func text(_ download: PackageDownload?) throws -> String? {
        guard let download else { return nil }
        return String(decoding: try download.bytes(at: 0, count: Int(download.size)), as: UTF8.self)
    }

    @Test("A file is served under its checksum and its name, as often as somebody asks")
    func published() throws {
        let folder = try PackageFolder()
        try folder.write("topology 1%.tar.gz", "hello")
        let url = try folder.store.publish("topology 1%.tar.gz")
        #expect(url == "http://host:1/packages/\(PackageFolder.hello)/topology%201%25.tar.gz")
        #expect(try folder.store.publish("\(folder.path)/topology 1%.tar.gz") == url)
        let path = try PackageFolder.urlPath(url)
        for _ in 1...2 {
            #expect(folder.store.size(of: path) == 5)
            #expect(try text(folder.store.download(path)) == "hello")
        }
        #expect(folder.store.download("/packages/\(PackageFolder.hello)/other") == nil)
        #expect(folder.store.download("/packages/\(PackageFolder.hello)/") == nil)
    }

    @Test("A file whose content changed is served no more until it is published again")
    func changed() throws {
        let folder = try PackageFolder()
        try folder.write("file", "hello")
        let path = try PackageFolder.urlPath(folder.store.publish("file"))
        let download = try #require(folder.store.download(path))
        try folder.write("file", "HELLO")
        #expect(throws: SchedulingError.self) { try download.bytes(at: 0, count: 5) }
        #expect(folder.store.size(of: path) == nil)
        #expect(folder.store.download(path) == nil)
        try folder.write("file", "hello")
        #expect(folder.store.download(path) == nil)
        #expect(try PackageFolder.urlPath(folder.store.publish("file")) == path)
        #expect(try text(folder.store.download(path)) == "hello")
        unlink("\(folder.path)/file")
        #expect(folder.store.download(path) == nil)
    }

    @Test("Another file with the same content in its place is as good")
    func touched() throws {
        let folder = try PackageFolder()
        try folder.write("file", "hello")
        let path = try PackageFolder.urlPath(folder.store.publish("file"))
        try #require(chmod("\(folder.path)/file", 0o400) == 0)
        #expect(try text(folder.store.download(path)) == "hello")
        unlink("\(folder.path)/file")
        try folder.write("file", "hello")
        #expect(try text(folder.store.download(path)) == "hello")
    }

    @Test("What is no regular file of the directory is refused, with the reason")
    func refused() throws {
        let folder = try PackageFolder()
        try #require(symlink("/etc/passwd", "\(folder.path)/link") == 0)
        try #require(mkfifo("\(folder.path)/pipe", 0o600) == 0)
        try #require(mkdir("\(folder.path)/folder", 0o700) == 0)
        let cases: [(String, PublishingError.Code, String)] = [
            ("missing", .notFound, "cannot publish 'missing': cannot read"),
            ("link", .notServable, "cannot publish 'link': it is not in \(folder.path)"),
            ("../../etc/passwd", .notServable, "cannot publish '../../etc/passwd': it is not in"),
            ("/etc/passwd", .notServable, "cannot publish '/etc/passwd': it is not in"),
            ("pipe", .notServable, "cannot publish 'pipe': it is not a regular file"),
            ("folder", .notServable, "cannot publish 'folder': it is not a regular file"),
            ("", .notServable, "cannot publish '': it is not in"),
        ]
        for (file, code, message) in cases {
            for publish in [folder.store.publish, folder.store.publishOnce] {
                let error = #expect(throws: PublishingError.self) { try publish(file) }
                #expect(error?.code == code && error?.message.hasPrefix(message) == true, "\(file): \(error as Any)")
            }
        }
    }

    @Test("Nothing is published before the service listens")
    func early() throws {
        let folder = try PackageFolder()
        try folder.write("file", "hello")
        let error = #expect(throws: PublishingError.self) { try PackageStore(directory: folder.path).publish("file") }
        #expect(error?.code == .unavailable)
    }

    @Test("A one-time URL cannot be guessed, and is gone after one complete download")
    func once() throws {
        let folder = try PackageFolder()
        try folder.write("secret", "old")
        let urls = try (1...2).map { _ in try folder.store.publishOnce("secret") }
        #expect(Set(urls).count == 2)
        let path = try PackageFolder.urlPath(urls[0])
        let parts = path.split(separator: "/")
        #expect(parts.count == 3 && parts[0] == "once" && parts[1].count == 64 && parts[2] == "secret")
        try folder.write("secret", "hello")
        #expect(folder.store.size(of: path) == 5)
        var download: PackageDownload? = folder.store.download(path)
        #expect(download != nil)
        #expect(folder.store.download(path) == nil && folder.store.size(of: path) == nil)
        // Broken off: it may be tried again.
        download = nil
        download = folder.store.download(path)
        #expect(try text(download) == "hello")
        download?.finish()
        download = nil
        #expect(folder.store.download(path) == nil && folder.store.size(of: path) == nil)
        #expect(try text(folder.store.download(PackageFolder.urlPath(urls[1]))) == "hello")
    }

    @Test("A one-time URL is gone after a quarter of an hour")
    func expired() throws {
        let folder = try PackageFolder()
        try folder.write("secret", "hello")
        let path = try PackageFolder.urlPath(folder.store.publishOnce("secret"))
        folder.clock.advance(by: .seconds(899))
        #expect(folder.store.size(of: path) == 5)
        folder.clock.advance(by: .seconds(2))
        #expect(folder.store.size(of: path) == nil)
        #expect(folder.store.download(path) == nil)
    }
}
