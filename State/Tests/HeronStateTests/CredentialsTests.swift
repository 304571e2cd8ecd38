import Glibc
import Testing
import ZooKeeperClient

@testable import HeronState

/// Where the credentials for ZooKeeper come from, and how they are handed over.
struct CredentialsTests {
    private let folder: TemporaryDirectory
    private let alice = ZooKeeperCredentials(user: "alice", password: "hush:hush")

    init() throws {
        folder = try TemporaryDirectory()
    }

    private func settings(_ sources: CredentialsSource..., required: Bool = false) -> StateSettings {
        var settings = StateSettings(connection: "a:2181", rootPath: "/heron")
        settings.zooKeeper.credentialsSources = sources
        settings.zooKeeper.requiresCredentials = required
        return settings
    }

    private func write(_ name: String, _ text: String, mode: mode_t = 0o600) throws -> String {
        let path = "\(folder.path)/\(name)"
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        let content = Array(text.utf8)
        try #require(Glibc.write(file, content, content.count) == content.count && fchmod(file, mode) == 0)
        close(file)
        return path
    }

    private func message(_ source: CredentialsSource, _ variable: String? = nil) async -> String? {
        let error = await expectError(.badConfiguration) {
            _ = try settings(source).zooKeeper.credentials { _ in variable }
        }
        return error?.description
    }

    @Test("The first source that has credentials counts")
    func precedence() throws {
        let file = try write("auth", "bob:b\n")
        let sources = settings(.workingDirectory(folder.path), .environment, .file(file))
        #expect(try sources.zooKeeper.credentials { _ in nil }?.user == "bob")
        #expect(try sources.zooKeeper.credentials { _ in "" }?.user == "bob")
        #expect(try sources.zooKeeper.credentials { _ in "alice:hush:hush" } == alice)
        _ = try write(".zookeeper-auth", "carol:c")
        #expect(try sources.zooKeeper.credentials { _ in "alice:hush" }?.user == "carol")
        #expect(try settings().zooKeeper.credentials { _ in "alice:hush" } == nil)
    }

    @Test("The configuration names the file, after the environment")
    func keys() throws {
        let settings = try StateSettings(keys: [
            "heron.statemgr.connection.string": "a:2181", "heron.statemgr.root.path": "/heron",
            "heron.statemgr.zookeeper.auth.file": "/etc/auth",
        ])
        #expect(settings.zooKeeper.credentialsSources == [.environment, .file("/etc/auth")])
        #expect(settings.zooKeeper.requiresCredentials)
    }

    @Test("Credentials that are wanted and missing are an error")
    func missing() async throws {
        let user = await expectError(.badConfiguration) {
            _ = try settings(.environment, required: true).zooKeeper.credentials { _ in nil }
        }
        #expect(
            user?.description == "heron.statemgr.zookeeper.auth.scheme: there are no credentials; "
                + "set heron.statemgr.zookeeper.auth.file, or HERON_ZOOKEEPER_AUTH"
        )
        let container = await expectError(.badConfiguration) {
            _ = try settings(.workingDirectory("/x"), required: true).zooKeeper.credentials { _ in "alice:hush" }
        }
        #expect(
            container?.description == "the credentials for ZooKeeper are missing: there is no /x/.zookeeper-auth; "
                + "the scheduler has to put it into every container"
        )
    }

    @Test(
        "What is not user:password is refused without being shown",
        arguments: [
            ("hush", "is not of the form user:password; it has to be one line user:password"),
            (":hush", "is not of the form user:password; it has to be one line user:password"),
            ("alice:", "is not of the form user:password; it has to be one line user:password"),
            ("alice:hush\nbob:hush", "has more than one line; it has to be one line user:password"),
            ("alice:hush\n\n", "has more than one line; it has to be one line user:password"),
            ("alice:hush\r\n", "has a control character in it; it has to be one line user:password"),
            ("alice:hu\0sh", "has a control character in it; it has to be one line user:password"),
            ("\n", "is empty; it has to be one line user:password"),
            ("alice:" + String(repeating: "hush", count: 1024), "is longer than 4096 bytes"),
        ]
    )
    func form(_ text: String, _ message: String) async throws {
        let file = try write("auth", text)
        #expect(await self.message(.file(file)) == "heron.statemgr.zookeeper.auth.file: \(file) \(message)")
        let variable = await self.message(.environment, text)
        #expect(variable == "the environment variable HERON_ZOOKEEPER_AUTH \(message)")
    }

    @Test("A file that others could read or replace is refused")
    func files() async throws {
        let key = "heron.statemgr.zookeeper.auth.file:"
        for mode: mode_t in [0o640, 0o604, 0o620, 0o666] {
            let file = try write("auth", "alice:hush", mode: mode)
            let expected = "\(key) \(file) gives others permissions (mode \(String(mode, radix: 8))); chmod 600 \(file)"
            #expect(await message(.file(file)) == expected)
        }
        #expect(await message(.file("auth")) == "\(key) 'auth' is not an absolute path; begin it with /")
        #expect(await message(.file("/no/auth")) == "\(key) /no/auth cannot be read: No such file or directory")
        #expect(await message(.file(folder.path)) == "\(key) \(folder.path) is not a regular file")
        let pipe = "\(folder.path)/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(await message(.file(pipe)) == "\(key) \(pipe) is not a regular file")
        let empty = try write("empty", "")
        #expect(await message(.file(empty)) == "\(key) \(empty) is empty; it has to be one line user:password")
    }

    @Test("Another user's file is refused", .enabled(if: geteuid() == 0, "only root can make one"))
    func owner() async throws {
        let file = try write("auth", "alice:hush")
        #expect(chown(file, 65534, 65534) == 0)
        #expect(await message(.file(file))?.contains("belongs to another user, with id 65534; use a file of") == true)
    }

    @Test("A link is followed where the user names it, not in a working directory")
    func links() async throws {
        let file = try write("auth", "alice:hush:hush\n")
        #expect(symlink(file, "\(folder.path)/.zookeeper-auth") == 0)
        let link = "\(folder.path)/.zookeeper-auth"
        #expect(try settings(.file(link)).zooKeeper.credentials { _ in nil } == alice)
        let refusal = await message(.workingDirectory(folder.path))
        #expect(refusal == "\(link) cannot be read: Too many levels of symbolic links")
    }

    @Test("A working directory gets the credentials for its user's eyes only")
    func handOver() throws {
        let file = try write("auth", "alice:hush:hush\n")
        // What stands there is replaced, not written to.
        let precious = try write("precious", "x")
        #expect(symlink(precious, "\(folder.path)/.zookeeper-auth") == 0)
        try settings(.file(file)).giveCredentials(to: folder.path)

        let target = "\(folder.path)/.zookeeper-auth"
        var status = stat()
        #expect(lstat(target, &status) == 0 && status.st_mode == S_IFREG | 0o600)
        #expect(try settings(.workingDirectory(folder.path)).zooKeeper.credentials { _ in nil } == alice)
        var names = Files.names(folder.path)
        #expect(names == [".zookeeper-auth", "auth", "precious"])
        #expect(lstat(precious, &status) == 0 && status.st_size == 1)

        unlink(target)
        try settings(.workingDirectory(folder.path)).giveCredentials(to: folder.path)
        var local = StateSettings(connection: "LOCALMODE", rootPath: "/x")
        local.zooKeeper.credentialsSources = [.file("/no/such/file")]
        try local.giveCredentials(to: folder.path)
        names = Files.names(folder.path)
        #expect(names == ["auth", "precious"])
    }

    @Test("A directory that cannot be written to is named, and keeps nothing")
    func handOverFails() async throws {
        let file = try write("auth", "alice:hush\n")
        let error = await expectError(.io) { try settings(.file(file)).giveCredentials(to: "\(folder.path)/no") }
        #expect(error?.description.hasPrefix("cannot create \(folder.path)/no/.zookeeper-auth.") == true)
        #expect(mkdir("\(folder.path)/.zookeeper-auth", 0o700) == 0)
        await expectError(.io) { try settings(.file(file)).giveCredentials(to: folder.path) }
        #expect(Files.names(folder.path) == [".zookeeper-auth", "auth"])
    }

    @Test("Credentials do not show themselves")
    func descriptions() throws {
        let settings = settings(.environment)
        let credentials = try #require(try settings.zooKeeper.credentials { _ in "alice:hush:hush" })
        var text = "\(credentials) \(String(reflecting: credentials)) \([credentials])"
        dump(credentials, to: &text)
        text += "\(ZooKeeperOptions(connection: try settings.zooKeeperConnection(), credentials: credentials))"
        #expect(text.contains("alice"))
        #expect(!text.contains("hush"))
    }
}
