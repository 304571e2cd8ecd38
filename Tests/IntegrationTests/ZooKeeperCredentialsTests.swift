import Glibc
import Processes
import Testing
import ZooKeeperTesting

/// A topology whose state in ZooKeeper is for one user alone.
@Suite(
    .enabled(if: Installation.home != nil, "\(Installation.missing)"),
    .enabled(if: ZooKeeperServer.isInstalled, "\(ZooKeeperServer.missing)"),
    .timeLimit(.minutes(5))
)
struct ZooKeeperCredentialsTests {
    private static let password = "hush-\(UInt64.random(in: 0...UInt64.max))"

    /// A user's commands on the cluster `localzk` at a server.
    fileprivate struct Cluster {
        let user: User
        let server: ZooKeeperServer
        var environment: [String: String] = [:]

        func run(_ command: String..., options: [String] = []) async throws -> User.Result {
            let connection = ["--config-property", "heron.statemgr.connection.string=\(server.connection)"]
            return try await user.run(command + connection + options, environment: environment)
        }

        func submit(options: [String] = []) async throws -> User.Result {
            try await run("submit", "localzk", CountingTopology.file, "-", "Counting", options: options)
        }

        var workingDirectory: String { "\(user.home)/.herondata/topologies/localzk/\(Login.name)/Counting" }
        var credentialsFile: String { "\(workingDirectory)/.zookeeper-auth" }
    }

    fileprivate static func use(_ body: (Cluster) async throws -> Void) async throws {
        try await ZooKeeperServer.use { server in
            try await User.use { user in try await body(Cluster(user: user, server: server)) }
        }
    }

    @Test func reachTheContainersByAFileAlone() async throws {
        try await Self.use { stranger in
            var cluster = stranger
            cluster.environment["HERON_ZOOKEEPER_AUTH"] = "alice:\(Self.password)"
            let submitted = try await cluster.submit()
            try #require(submitted.status.isSuccess, "\(submitted)")
            try await eventually("an instance runs") { !cluster.user.processes("heron-python-instance").isEmpty }

            var status = stat()
            #expect(lstat(cluster.credentialsFile, &status) == 0 && status.st_mode == S_IFREG | 0o600)
            let content = String(decoding: cluster.user.contents(cluster.credentialsFile), as: UTF8.self)
            #expect(content == "alice:\(Self.password)\n")
            for (processID, command) in cluster.user.processes() {
                #expect(!command.contains(Self.password), "in the command line of \(processID)")
                let variables = String(decoding: cluster.user.contents("/proc/\(processID)/environ"), as: UTF8.self)
                #expect(!variables.contains(Self.password), "in the environment of \(command)")
            }
            let holders = try await cluster.files(with: Self.password)
            #expect(holders == [cluster.credentialsFile])

            let refused = try await stranger.run("kill", "localzk", "Counting")
            #expect(!refused.status.isSuccess && refused.error.contains("a client without credentials"), "\(refused)")
            let killed = try await cluster.run("kill", "localzk", "Counting")
            #expect(killed.status.isSuccess, "\(killed)")
            #expect(try await cluster.files(with: Self.password) == [])
        }
    }

    /// A scheduler that is started again works with the password of whoever starts it.
    @Test func comeFromAFileAndWithTheNextSchedulerAgain() async throws {
        try await Self.use { cluster in
            let file = "\(cluster.user.home)/auth"
            try await cluster.user.shell("umask 077; echo 'alice:\(Self.password)' > auth")
            let options = ["--config-property", "heron.statemgr.zookeeper.auth.file=\(file)"]
            let submitted = try await cluster.submit(options: options)
            try #require(submitted.status.isSuccess, "\(submitted)")
            let scheduler = try #require(cluster.user.processes("bin/heron-scheduler").first)
            kill(scheduler, SIGKILL)
            try await eventually("the scheduler has ended") {
                cluster.user.processes("bin/heron-scheduler").isEmpty
            }
            try #require(unlink(cluster.credentialsFile) == 0)
            let started = try await cluster.run("scheduler", "start", "localzk", "Counting", options: options)
            #expect(started.status.isSuccess, "\(started)")
            #expect(access(cluster.credentialsFile, R_OK) == 0)
            let killed = try await cluster.run("kill", "localzk", "Counting", options: options)
            #expect(killed.status.isSuccess, "\(killed)")
        }
    }

    @Test func areRefusedBeforeAnythingIsDone() async throws {
        try await Self.use { cluster in
            for (option, message) in [
                ("zookeeper.auth.password=\(Self.password)", "credentials do not belong into the configuration"),
                ("zookeeper.auth.scheme=sasl", "'sasl' is not supported; set it to digest"),
                ("zookeeper.auth.scheme=digest", "there are no credentials; set heron.statemgr.zookeeper.auth.file"),
                ("zookeeper.ssl.enabled=true", "heron's client of ZooKeeper has neither TLS nor SASL"),
                ("zookeeper.auth.file=/etc/hostname", "/etc/hostname gives others permissions"),
                ("zookeeper.retry.count=-1", "'-1' is not a whole number from 0 to 1000"),
                ("root.path=heron", "'heron' is not an absolute path; begin it with /"),
            ] {
                let result = try await cluster.submit(options: ["--config-property", "heron.statemgr.\(option)"])
                #expect(!result.status.isSuccess && result.error.contains(message), "\(result)")
                #expect(!"\(result)".contains(Self.password))
            }
            #expect(try await cluster.user.files(below: ".") == [])
        }
    }
}

extension ZooKeeperCredentialsTests.Cluster {
    /// The files of the user's home that contain a text.
    fileprivate func files(with text: String) async throws -> [String] {
        let found = try await ChildProcess.runToCompletion(
            executable: "grep",
            arguments: ["-rlaF", text, user.home],
            environment: ChildProcess.currentEnvironment(),
            timeLimit: .seconds(60)
        )
        return String(decoding: found.output, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
