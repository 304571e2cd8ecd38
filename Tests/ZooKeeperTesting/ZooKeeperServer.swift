import Glibc
import Processes
import Synchronization

/// A ZooKeeper server for tests, by `scripts/zookeeper.sh`, which also ends it when this process ends.
public final class ZooKeeperServer: Sendable {
    public static let isInstalled = access("/usr/share/java/zookeeper.jar", R_OK) == 0
    /// Why a suite is skipped where it is not.
    public static let missing = "needs ZooKeeper; 'make setup' installs it"

    /// Why there is no server.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    private struct Running {
        let script: ChildProcess
        let port: String
        let processID: Int32
    }

    private static let sharedServer = Task { try await ZooKeeperServer(try makeFolder()) }

    private let folder: String
    private let running: Mutex<Running>

    private init(_ folder: String) async throws {
        self.folder = folder
        running = Mutex(try await Self.launch(folder, port: "0"))
    }

    /// One server for all tests of this process that do it no harm; each has a root path of its own there.
    public static func shared() async throws -> ZooKeeperServer {
        try await sharedServer.value
    }

    /// Gives a server to a test, and leaves nothing of it behind.
    public static func use(_ body: (ZooKeeperServer) async throws -> Void) async throws {
        let folder = try makeFolder()
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
    public var connection: String { "127.0.0.1:" + port }

    public var port: String { running.withLock { $0.port } }

    /// The Java process, for SIGSTOP and SIGCONT.
    public var processID: Int32 { running.withLock { $0.processID } }

    /// SIGKILL; waits for the end. The data stays.
    public func kill() async {
        let now = running.withLock { $0 }
        if now.script.exitStatus == nil { Glibc.kill(now.processID, SIGKILL) }
        _ = await now.script.wait()
    }

    /// Starts it on the same port and data after ``kill()``; returns when it answers.
    public func restart() async throws {
        let launched = try await Self.launch(folder, port: port)
        running.withLock { $0 = launched }
    }

    private static func launch(_ folder: String, port: String) async throws -> Running {
        let said = Mutex<[UInt8]>([])
        let pipe = try OutputPipe { data in said.withLock { $0 += data } }
        let script = try ChildProcess.spawn(
            executable: scriptPath,
            arguments: ["--port", port, "--folder", folder, "--temporary-for", "\(getpid())"],
            environment: ChildProcess.currentEnvironment(),
            newSession: true,
            stdout: pipe.output,
            stderr: pipe.output
        )
        pipe.closeWriteEnd()
        do {
            let deadline: ContinuousClock.Instant = .now + .seconds(30)
            var text = ""
            while !text.hasSuffix("\n"), script.exitStatus == nil, .now < deadline {
                try await Task.sleep(for: .milliseconds(50))
                text = String(decoding: said.withLock { $0 }, as: UTF8.self)
            }
            guard let ready = text.firstMatch(of: /ready at 127\.0\.0\.1:(\d+), .*, process (\d+)\n/),
                let processID = Int32(ready.2)
            else { throw Failure(description: "ZooKeeper does not start: \(text)") }
            return Running(script: script, port: String(ready.1), processID: processID)
        } catch {
            await script.terminate(grace: .seconds(1))
            throw error
        }
    }

    /// Of the repository that this file is in.
    private static var scriptPath: String {
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/scripts/zookeeper.sh"
    }

    private static func makeFolder() throws -> String {
        var template: [CChar] = Array("/tmp/heron-zookeeper-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(description: "mkdtemp: error \(errno)") }
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
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
