import Glibc
import Processes
import Synchronization
import Testing

/// A ZooKeeper server for a test, by `scripts/zookeeper.sh`, which also ends it when this process ends.
final class ZooKeeperServer: Sendable {
    static let isInstalled = access("/usr/share/java/zookeeper.jar", R_OK) == 0
    static let missing: Comment = "needs ZooKeeper; 'make setup' installs it"

    private struct Running {
        let script: ChildProcess
        let port: String
        let processID: Int32
    }

    private let folder: String
    private let running: Mutex<Running>

    private init(_ folder: String) async throws {
        self.folder = folder
        running = Mutex(try await Self.launch(folder, port: "0"))
    }

    /// Gives a server to a test, and leaves nothing of it behind.
    static func use(_ body: (ZooKeeperServer) async throws -> Void) async throws {
        var template: [CChar] = Array("/tmp/heron-zookeeper-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        do {
            let server = try await ZooKeeperServer(folder)
            do { try await body(server) } catch {
                await server.kill()
                throw error
            }
            await server.kill()
        } catch {
            await remove(folder)
            throw error
        }
        await remove(folder)
    }

    /// For clients: host and port.
    var connection: String { "127.0.0.1:" + running.withLock { $0.port } }

    /// The Java process, for SIGSTOP and SIGCONT.
    var processID: Int32 { running.withLock { $0.processID } }

    /// SIGKILL; waits for the end. The data stays.
    func kill() async {
        let now = running.withLock { $0 }
        if now.script.exitStatus == nil { Glibc.kill(now.processID, SIGKILL) }
        _ = await now.script.wait()
    }

    /// Starts it on the same port and data after ``kill()``; returns when it answers.
    func restart() async throws {
        let launched = try await Self.launch(folder, port: running.withLock { $0.port })
        running.withLock { $0 = launched }
    }

    private static func launch(_ folder: String, port: String) async throws -> Running {
        let said = Mutex<[UInt8]>([])
        let pipe = try OutputPipe { data in said.withLock { $0 += data } }
        let script = try ChildProcess.spawn(
            executable: "\(Installation.folder)/../../scripts/zookeeper.sh",
            arguments: ["--port", port, "--folder", folder, "--temporary-for", "\(getpid())"],
            environment: ChildProcess.currentEnvironment(),
            newSession: true,
            stdout: pipe.output,
            stderr: pipe.output
        )
        pipe.closeWriteEnd()
        do {
            var text = ""
            try await eventually("ZooKeeper is ready", within: .seconds(30)) {
                text = String(decoding: said.withLock { $0 }, as: UTF8.self)
                return text.hasSuffix("\n") || script.exitStatus != nil
            }
            let ready = text.firstMatch(of: /ready at 127\.0\.0\.1:(\d+), .*, process (\d+)\n/)
            let match = try #require(ready, "ZooKeeper does not start: \(text)")
            return Running(script: script, port: String(match.1), processID: try #require(Int32(match.2)))
        } catch {
            await script.terminate(grace: .seconds(1))
            throw error
        }
    }

    private static func remove(_ folder: String) async {
        _ = try? await ChildProcess.runToCompletion(
            executable: "rm",
            arguments: ["-rf", folder],
            environment: ChildProcess.currentEnvironment(),
            timeLimit: .seconds(30)
        )
    }
}
