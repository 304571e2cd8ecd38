import Glibc
import HTTPTesting
import Testing

@testable import ShellCore

@Suite("Shell: files")
struct FileTests {
    @Test("health")
    func health() async throws {
        try await Container.run { container async throws in
            let reply = try await container.get("/health")
            #expect(reply.status == 200)
            #expect(reply.text == "ok")
        }
    }

    @Test("a directory is listed with links, and names are escaped")
    func browse() async throws {
        try await Container.run { container async throws in
            container.write("text", to: "log-files/a <b>&.log")
            let top = try await container.get("/browse/")
            #expect(top.status == 200)
            #expect(top.text.contains("<a href=\"/browse/log-files\">log-files/</a>"))
            #expect(!top.text.contains(">..<"))
            let below = try await container.get("/browse/log-files/")
            #expect(below.text.contains("<a href=\"/file/log-files/a%20%3Cb%3E%26.log\">a &lt;b&gt;&amp;.log</a>"))
            #expect(below.text.contains("<a href=\"/browse/.\">..</a>"))
        }
    }

    @Test("filestats tells what a listing shows, as JSON")
    func fileStats() async throws {
        try await Container.run { container async throws in
            container.write("12345", to: "log-files/x.log")
            let top = try await container.get("/filestats/.")
            #expect(top.headers["content-type"] == "application/json; charset=UTF-8")
            #expect(!top.text.contains("\"..\""))
            #expect(top.text.contains("\"is_dir\": true, \"path\": \"log-files\""))
            let below = try await container.get("/filestats/log-files")
            #expect(below.text.contains("\"..\": {\"formatted_stat\": \"d"))
            #expect(below.text.contains("\"is_dir\": false, \"path\": \"log-files%2Fx.log\""))
            #expect(below.text.contains("{\"formatted_stat\": \"-rw-r--r--   1 "))
        }
    }

    @Test(
        "filedata gives pieces of a file",
        arguments: [
            ("offset=0&length=4", "{\"offset\": 0, \"length\": 4, \"data\": \"0123\"}"),
            ("offset=8&length=-1", "{\"offset\": 8, \"length\": 4, \"data\": \"89&lt;\\n\"}"),
            ("offset=8&length=100", "{\"offset\": 8, \"length\": 4, \"data\": \"89&lt;\\n\"}"),
            ("offset=-1&length=10", "{\"offset\": 12, \"length\": 0}"),
            ("offset=99&length=10", "{\"offset\": 12, \"length\": 0}"),
            ("", "{\"offset\": 12, \"length\": 0}"),
        ]
    )
    func fileData(query: String, answer: String) async throws {
        try await Container.run { container async throws in
            container.write("0123456789<\n", to: "log-files/x.log")
            let reply = try await container.get("/filedata/log-files/x.log?\(query)")
            #expect(reply.text == answer + "\n")
        }
    }

    @Test(
        "the container's credentials are not handed out",
        arguments: ["file", "filedata", "download"],
        [".zookeeper-auth", "./.zookeeper-auth", "link", ".zookeeper-auth.0123456789abcdef"]
    )
    func credentials(endpoint: String, path: String) async throws {
        try await Container.run { container async throws in
            container.write("alice:hush", to: ".zookeeper-auth")
            container.write("alice:hush", to: ".zookeeper-auth.0123456789abcdef")
            #expect(symlink(".zookeeper-auth", "\(container.directory)/link") == 0)
            let reply = try await container.get("/\(endpoint)/\(path)?offset=0&length=100")
            #expect(reply.status == 403)
            #expect(!reply.text.contains("hush"))
        }
    }

    @Test("filedata of nothing is an empty object, of nonsense an error")
    func fileDataErrors() async throws {
        try await Container.run { container async throws in
            container.write("x", to: "x")
            #expect(try await container.get("/filedata/none?offset=0&length=1").text == "{}\n")
            #expect(try await container.get("/filedata/x?offset=a&length=1").status == 400)
            #expect(try await container.get("/filedata/x?offset=0&length=-2").status == 400)
        }
    }

    @Test("one answer carries at most a mebibyte, and no half characters")
    func fileDataLimits() async throws {
        try await Container.run { container async throws in
            container.write(String(repeating: "ä", count: 700_000), to: "big")
            let reply = try await container.get("/filedata/big?offset=0&length=-1")
            #expect(reply.text.hasPrefix("{\"offset\": 0, \"length\": 1048576,"))
            let odd = try await container.get("/filedata/big?offset=0&length=3")
            #expect(odd.text == "{\"offset\": 0, \"length\": 2, \"data\": \"ä\"}\n")
        }
    }

    @Test("a download is the file itself")
    func download() async throws {
        try await Container.run { container async throws in
            container.write("<raw>", to: "dir/file")
            let reply = try await container.get("/download/dir/file")
            #expect(reply.text == "<raw>")
            #expect(reply.headers["content-disposition"] == "attachment")
            let missing = try await container.get("/download/dir/none")
            #expect(missing.status == 404)
            #expect(missing.text == "File dir/none not found\n")
            #expect(try await container.get("/download/dir").status == 404)
        }
    }

    @Test("the page that follows a file names it safely")
    func follow() async throws {
        try await Container.run { container async throws in
            container.write("x", to: "a\"b'.log")
            let reply = try await container.get("/file/a%22b%27.log")
            #expect(reply.status == 200)
            #expect(reply.text.contains("<title>a&quot;b&#39;.log</title>"))
            #expect(reply.text.contains("const url = \"/filedata/a%22b%27.log\""))
            #expect(try await container.get("/file/none").status == 404)
        }
    }

    @Test(
        "no path leads out of the directory",
        arguments: [
            "../outside/secret.txt", "log-files/../../outside/secret.txt", "%2e%2e/outside/secret.txt",
            "..%2Foutside%2Fsecret.txt", "/etc/passwd", "%2Fetc%2Fpasswd", "//etc/passwd", "link/secret.txt",
            "file-link",
            "log-files/up/../outside/secret.txt", "log-files/up/outside/secret.txt", "log-files/..",
        ]
    )
    func confinement(path: String) async throws {
        try await Container.run { container async throws in
            container.write("x", to: "log-files/x.log")
            container.link("link", to: "../outside")
            container.link("file-link", to: "../outside/secret.txt")
            container.link("log-files/up", to: "../..")
            for endpoint in ["download", "file", "filedata", "browse", "filestats"] {
                let reply = try await container.get("/\(endpoint)/\(path)")
                #expect(reply.status == 403, "\(endpoint)")
                #expect(!reply.text.contains("hidden"))
                #expect(!reply.text.contains("root:"))
            }
        }
    }

    @Test("a link that stays inside is followed")
    func innerLink() async throws {
        try await Container.run { container async throws in
            container.write("inner", to: "log-files/x.log.1")
            container.link("log-files/x.log", to: "x.log.1")
            #expect(try await container.get("/download/log-files/x.log").text == "inner")
        }
    }

    @Test("a pipe does not hold up the shell")
    func pipe() async throws {
        try await Container.run { container async throws in
            mkfifo(container.directory + "/fifo", 0o600)
            #expect(try await container.get("/download/fifo").status == 404)
            #expect(try await container.get("/filedata/fifo?offset=0&length=1").text == "{}\n")
        }
    }

    @Test("unknown pages and wrong methods")
    func routing() async throws {
        try await Container.run { container async throws in
            #expect(try await container.get("/").status == 404)
            #expect(try await container.get("/nonsense/x").status == 404)
            #expect(try await container.post("/browse/.", "").status == 405)
            #expect(try await container.get("/killexecutor").status == 405)
        }
    }

    @Test(
        "a piece of text ends at a whole character",
        arguments: [
            ([0x61, 0x62], 2), ([0x61, 0xC3], 1), ([0xC3, 0xA4], 2), ([0x61, 0xE2, 0x82], 1), ([0xE2, 0x82, 0xAC], 3),
            ([0x61, 0xF0, 0x9F, 0x98], 1), ([0xC3], 1), ([0x80, 0x80, 0x80, 0x80, 0x80], 5), ([], 0),
        ] as [([UInt8], Int)]
    )
    func boundary(bytes: [UInt8], end: Int) {
        #expect(FileChunk.characterBoundary(bytes) == end)
    }
}
