import Hummingbird
import Logging
import NIOCore

/// Serves an agent's state and sandboxes over HTTP, until the task is cancelled.
public struct AgentServer: Sendable {
    let master: DevMaster
    let address: String
    let port: Int
    let workDirectory: String
    let log: Logger

    /// - Parameter address: the IPv4 address of the agent, which no other agent has.
    /// - Parameter port: 0 for a free one.
    /// - Parameter workDirectory: absolute.
    public init(_ master: DevMaster, address: String, port: Int, workDirectory: String, log: Logger) {
        self.master = master
        self.address = address
        self.port = port
        self.workDirectory = workDirectory
        self.log = log
    }

    /// Returns when the task is cancelled, with every connection closed.
    ///
    /// - Parameter onListening: called once, with the port, when the agent answers.
    /// - Throws: if the address cannot be listened on.
    public func run(onListening: @escaping @Sendable (Int) async -> Void) async throws {
        var httpLog = log
        httpLog.logLevel = .critical
        let http = Application(
            responder: AgentHTTP(master: master, address: address, workDirectory: workDirectory),
            configuration: ApplicationConfiguration(address: .hostname(address, port: port)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
            logger: httpLog
        )
        try await http.run()
    }
}
