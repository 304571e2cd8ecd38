import Glibc
import Synchronization
import Testing

/// A ZooKeeper server of this process's own, by `scripts/zookeeper.sh`; killed, and its data removed, with the last
/// reference or with this process.
final class ZooKeeperServer: Sendable {
    let port: Int
    /// Its data, configuration and `zookeeper.log`.
    let folder: TemporaryDirectory
    private let member: Member?
    private let running: Mutex<Running>

    /// What it is in an ensemble.
    struct Member: Sendable {
        /// From 1.
        let number: Int
        /// The ports on which the members speak with each other and elect a leader.
        let peers: [(quorum: Int, election: Int)]
    }

    private struct Running {
        let script: SpawnedProcess
        let port: Int
        /// The Java process.
        let pid: pid_t
    }

    static let isInstalled = access("/usr/share/java/zookeeper.jar", R_OK) == 0
    /// Why a suite with `.enabled(if: ZooKeeperServer.isInstalled, ZooKeeperServer.missing)` is skipped.
    static let missing: Comment = "needs ZooKeeper; 'make setup' installs it"

    private static let sharedServer = Task { try await ZooKeeperServer.start() }

    /// One server for all tests that do it no harm; each test has a root path of its own there.
    static func shared() async throws -> ZooKeeperServer {
        try await sharedServer.value
    }

    /// Starts a server on a free port; returns when it answers.
    static func start(_ member: Member? = nil) async throws -> ZooKeeperServer {
        let folder = try TemporaryDirectory()
        return ZooKeeperServer(folder, member, try await launch(folder, port: 0, member))
    }

    private init(_ folder: TemporaryDirectory, _ member: Member?, _ running: Running) {
        (self.folder, self.member, port) = (folder, member, running.port)
        self.running = Mutex(running)
    }

    /// For clients.
    var connection: String { "127.0.0.1:\(port)" }

    /// The Java process.
    var pid: pid_t { running.withLock { $0.pid } }

    /// SIGKILL; waits for the end. The data stays.
    func kill() async {
        Glibc.kill(pid, SIGKILL)
        await running.withLock { $0.script }.wait()
    }

    /// Ends it cleanly. The data stays.
    func stop() async {
        let script = running.withLock { $0.script }
        script.signal(SIGTERM)
        await script.wait()
    }

    /// Starts it on the same port and data after ``kill()`` or ``stop()``; returns when it answers, as a member of an
    /// ensemble therefore only when most of the members run.
    func restart() async throws {
        let launched = try await Self.launch(folder, port: port, member)
        running.withLock { $0 = launched }
    }

    /// SIGSTOP: connections stand and nothing is answered.
    func suspend() {
        Glibc.kill(pid, SIGSTOP)
    }

    func resume() {
        Glibc.kill(pid, SIGCONT)
    }

    /// The answer to one of ZooKeeper's four-letter words; a server without a majority says that it does not serve.
    func ask(_ word: String) async throws -> String {
        try await Loopback.exchange(port, word)
    }

    private static func launch(_ folder: TemporaryDirectory, port: Int, _ member: Member?) async throws -> Running {
        var arguments = ["--port", "\(port)", "--folder", folder.path, "--temporary-for", "\(getpid())"]
        if let member {
            let peers = member.peers.map { "\($0.quorum):\($0.election)" }.joined(separator: ",")
            arguments += ["--member", "\(member.number)", "--peers", peers]
        }
        let script = try SpawnedProcess(scriptPath, arguments)
        let deadline = ContinuousClock.now + .seconds(100)
        var said = ""
        do {
            while let line = try await script.line(before: deadline) {
                if let ready = line.wholeMatch(of: /zookeeper: ready at 127\.0\.0\.1:(\d+), .*, process (\d+)/),
                    let port = Int(ready.1), let pid = pid_t(ready.2)
                {
                    return Running(script: script, port: port, pid: pid)
                }
                said += line + "\n"
            }
        } catch {
            said += "\(error)\n"
        }
        throw TestFailure("no ZooKeeper: \(said)\(Files.text(folder.path + "/zookeeper.log")?.suffix(2000) ?? "")")
    }

    /// Of the repository that this file is in.
    private static var scriptPath: String {
        "/" + #filePath.split(separator: "/").dropLast(5).joined(separator: "/") + "/scripts/zookeeper.sh"
    }
}
