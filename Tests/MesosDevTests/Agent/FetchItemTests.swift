import MesosProtocol
import Testing

@testable import MesosDevAgent

/// What URIs ask for, by the rules of Mesos's fetcher.
@Suite struct FetchItemTests {
    @Test(arguments: [
        ("/data/a.txt", FetchItem.Source.file("/data/a.txt")), ("file:///data/a.txt", .file("/data/a.txt")),
        ("file://localhost/data/a.txt", .file("/data/a.txt")), ("http://h/a.txt", .http("http://h/a.txt")),
        ("https://h:8443/b/a.txt", .http("https://h:8443/b/a.txt")), ("HTTP://h/a.txt", .http("HTTP://h/a.txt")),
    ])
    func filesAndHTTPAreFetched(_ uri: String, _ source: FetchItem.Source) throws {
        let item = try FetchItem(.with { $0.value = uri })
        #expect(item.source == source)
        #expect(item.name == "a.txt")
        #expect(item.use == .keep)
    }

    @Test(arguments: [
        "a.txt", "b/a.txt", "hdfs://h/a.txt", "ftp://h/a.txt", "file://other/a.txt", "http://h/", "/data/..", "/a\\b",
        "/a'b", "/a\0b", "",
    ])
    func whatCannotBeFetchedIsRefused(_ uri: String) {
        #expect(throws: FetchError.self) { try FetchItem(.with { $0.value = uri }) }
    }

    @Test(arguments: ["", "/etc/passwd", "../a", "a/../../b", "a//b", "a/", ".", "a\0b"])
    func outputFilesStayInTheSandbox(_ name: String) {
        #expect(throws: FetchError.self) {
            try FetchItem(
                .with {
                    $0.value = "/data/a"
                    $0.outputFile = name
                }
            )
        }
    }

    @Test(arguments: [
        ("/p.tar", FetchItem.Use.extract), ("/p.tar.gz", .extract), ("/p.tgz", .extract), ("/p.jar", .keep),
        ("/p.tgz.sha256", .keep), ("http://h/p.tgz?sig=1", .keep),
    ])
    func endingsSayWhatIsAnArchive(_ uri: String, _ use: FetchItem.Use) throws {
        #expect(try FetchItem(.with { $0.value = uri }).use == use)
        #expect(
            try FetchItem(
                .with {
                    $0.value = uri
                    $0.extract = false
                }
            ).use == .keep
        )
        #expect(
            try FetchItem(
                .with {
                    $0.value = uri
                    $0.executable = true
                }
            ).use == .makeExecutable
        )
    }

    @Test(arguments: ["/p.zip", "/p.tar.bz2", "/p.tar.xz", "/p.gz"])
    func archivesThatAreNotSimulatedAreRefusedUnlessTheyAreKept(_ uri: String) throws {
        #expect(throws: FetchError.self) { try FetchItem(.with { $0.value = uri }) }
        let kept = try FetchItem(
            .with {
                $0.value = uri
                $0.extract = false
            }
        )
        #expect(kept.use == .keep)
    }

    @Test func theOutputFilesEndingCounts() throws {
        let item = try FetchItem(
            .with {
                $0.value = "http://h/p.tgz?sig=1"
                $0.outputFile = "packages/p.tgz"
            }
        )
        #expect(item.name == "packages/p.tgz")
        #expect(item.use == .extract)
    }

    @Test(arguments: [
        ("http://h/a/b?c", "d", "http://h/a/d"), ("http://h/a/b", "/d?e", "http://h/d?e"),
        ("http://h:80/a", "//i/d", "http://i/d"), ("http://h/a", "https://i/d", "https://i/d"),
        ("http://h", "d", "http://h/d"), ("http://h?q=/x", "d", "http://h/d"),
    ])
    func redirectsAreRelativeToTheirURL(_ url: String, _ location: String, _ target: String) {
        #expect(Download.resolve(location, from: url) == target)
    }
}
