import Glibc
import HTTPTesting
import Logging
import NIOPosix
import Processes
import RuntimeHTTP
import ShellCore
import Testing

/// A container's directory with a shell that serves it.
struct Container {
    /// Beside the directory lies `outside/secret.txt`, which no request may reach.
    let directory: String
    let port: Int

    static let secret = "the-topology-id"

    /// Sets up a directory and a server, runs the body, and removes both.
    static func run(
        executor: Int32 = getpid(),
        secret: String = Container.secret,
        environment: [String: String] = ["PATH": "/usr/bin:/bin"],
        _ body: (Container) async throws -> Void
    ) async throws {
        var template = Array("/tmp/heron-shell-test-XXXXXX".utf8CString)
        let base = try #require(mkdtemp(&template).map { String(cString: $0) })
        let directory = base + "/container"
        mkdir(directory, 0o755)
        mkdir(base + "/outside", 0o755)
        let settings = ShellSettings(
            port: 0,
            secret: secret,
            directory: directory,
            executor: executor,
            environment: environment
        )
        let shell = try Shell(settings, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let server = try await HTTPServer.start(
            HTTPServerSettings(host: "127.0.0.1", port: 0),
            group: MultiThreadedEventLoopGroup.singleton,
            handler: shell.handle
        )
        let container = Container(directory: directory, port: server.port)
        container.write("hidden", to: "../outside/secret.txt")
        let result: (any Error)?
        do {
            try await body(container)
            result = nil
        } catch {
            result = error
        }
        await server.stop(grace: .seconds(1))
        removeTree(base)
        if let result { throw result }
    }

    /// Writes a file; its directories are made.
    func write(_ text: String, to path: String) {
        let parts = path.split(separator: "/")
        for count in 1..<max(parts.count, 1) where parts.count > 1 {
            mkdir(directory + "/" + parts[..<count].joined(separator: "/"), 0o755)
        }
        let descriptor = open(directory + "/" + path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        #expect(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
        close(descriptor)
    }

    func link(_ path: String, to target: String) {
        #expect(symlink(target, directory + "/" + path) == 0)
    }

    func get(_ target: String) async throws -> HTTPReply {
        try await fetch(target, port: port)
    }

    func post(_ target: String, _ body: String) async throws -> HTTPReply {
        try await fetch("POST", target, port: port, body: body)
    }
}

/// A child that sleeps until it is told to stop, with a process group and session of its own.
func sleeper() throws -> ChildProcess {
    try ChildProcess.spawn(
        executable: "/bin/sleep",
        arguments: ["600"],
        environment: [:],
        newSession: true
    )
}

private func removeTree(_ path: String) {
    if unlink(path) == 0 { return }
    guard let stream = opendir(path) else { return }
    while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { removeTree(path + "/" + name) }
    }
    closedir(stream)
    rmdir(path)
}
