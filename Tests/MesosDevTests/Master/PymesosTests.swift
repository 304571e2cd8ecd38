import Files
import Glibc
import Logging
import MesosDevAgent
import MesosProtocol
import Processes
import Testing

@testable import MesosDevMaster

/// A client that shares no code with ours, against a master with agents that run processes.
@Suite(.timeLimit(.minutes(2)))
struct PymesosTests {
    private static let repository = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }
    private static let python = repository + "/.venv/bin/python"
    private static let script = repository + "/Tests/MesosDevTests/Clients/pymesos_client.py"

    private static var isInstalled: Bool {
        guard let entries = try? folderEntries(repository + "/.venv/lib") else { return false }
        return entries.contains { access("\(repository)/.venv/lib/\($0)/site-packages/pymesos", R_OK) == 0 }
    }

    @Test(
        "pymesos subscribes, launches, reconciles, fails over, kills",
        .enabled(if: isInstalled, "needs pymesos; 'make setup' installs it")
    )
    func pymesos() async throws {
        let folder = "/tmp/\(temporaryName(for: "mesos-dev-tests"))"
        _ = try createFolders(folder)
        defer { try? removeTree(folder) }
        try await MasterHarness.run(agents: 0) { harness in
            let (messages, tell) = AsyncStream.makeStream(of: AgentMessage.self)
            let settings = AgentSettings(workDirectory: folder, address: "127.0.0.2")
            let agent = DevAgent(settings: settings, log: Logger(label: "agent")) { tell.yield($0) }
            var info = MesosAgentInfo()
            info.hostname = "127.0.0.2"
            info.port = 5051
            info.resources = try ResourceText.resources(MasterHarness.resources)
            let id = await harness.master.register(info, address: "127.0.0.2")
            await harness.master.attach(agent, to: id, messages: messages)
            let log = folder + "/client.log"
            let client = try ChildProcess.spawn(
                executable: Self.python,
                arguments: [Self.script, "127.0.0.1:\(harness.port)"],
                environment: ["PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"],
                workingDirectory: folder,
                newSession: true,
                stdout: .file(log),
                stderr: .file(log)
            )
            let status = await client.wait(for: .seconds(90))
            await agent.close()
            let file = try File(reading: log)
            let text = String(decoding: try file.bytes(at: 0, count: Int(try file.status().size)), as: UTF8.self)
            try file.close()
            #expect(status?.isSuccess == true, "\(text)")
            if status == nil { _ = await client.terminate(grace: .zero) }
        }
    }
}
