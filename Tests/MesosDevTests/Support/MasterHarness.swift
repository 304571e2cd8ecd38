import Logging
import MesosProtocol
import Testing

@testable import MesosDevMaster

/// A master that a test talks to, with agents that run no processes.
struct MasterHarness: Sendable {
    let port: Int
    let master: DevMaster
    let agents: [String]

    typealias Script = [String: (atOnce: [MesosTaskStatus], onKill: [MesosTaskStatus])]

    static let resources = "cpus:8;mem:16384;disk:20000;ports:[31000-31999]"

    static func run(
        agents count: Int = 2,
        settings: MasterSettings = MasterSettings(),
        credentials: BasicCredentials? = nil,
        script: Script = [:],
        _ body: (MasterHarness) async throws -> Void
    ) async throws {
        var log = Logger(label: "test")
        log.logLevel = .error
        let master = DevMaster(settings: settings, address: "127.0.0.1", hostname: "127.0.0.1", log: log)
        let server = MasterServer(master, address: "127.0.0.1", port: 0, credentials: credentials, log: log)
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let task = Task { try await server.run { listening.yield($0) } }
        do {
            guard let port = await ports.first(where: { _ in true }) else {
                throw WireError("the master does not start")
            }
            var agents: [String] = []
            for index in 0..<count {
                var info = MesosAgentInfo()
                info.hostname = "agent\(index)"
                info.port = Int32(5051 + index)
                info.resources = try ResourceText.resources(resources)
                let id = await master.register(info, address: "127.0.0.\(index + 2)")
                let runner = ScriptedRunner(id, script: script)
                await master.attach(runner, to: id, messages: runner.messages)
                agents.append(id)
            }
            try await body(MasterHarness(port: port, master: master, agents: agents))
        } catch {
            task.cancel()
            _ = try? await task.value
            throw error
        }
        task.cancel()
        _ = try? await task.value
    }

    /// Sends one request on a connection of its own.
    func send(_ request: [UInt8]) async throws -> (connection: WireConnection, response: WireResponse) {
        let connection = try await WireConnection(port: port)
        try await connection.send(request)
        return (connection, try await WireResponse(connection))
    }

    /// Sends a fault switch.
    func inject(_ fault: String) async throws {
        var (connection, response) = try await send(Self.post("/dev/faults", fault))
        let text = try await response.body()
        #expect(response.status == 200, "\(text)")
        connection.close()
    }

    static func post(_ path: String, _ body: String, _ headers: [String: String] = [:]) -> [UInt8] {
        let lines = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
        return Array(
            ("POST \(path) HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n\(lines)"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8
        )
    }
}
