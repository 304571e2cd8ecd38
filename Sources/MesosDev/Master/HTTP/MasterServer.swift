import Hummingbird
import Logging
import NIOCore

/// Serves a master over HTTP and gives it the time, until the task is cancelled.
public struct MasterServer: Sendable {
    let master: DevMaster
    let address: String
    let port: Int
    let credentials: BasicCredentials?
    let log: Logger

    /// - Parameter address: the IPv4 address to listen on.
    /// - Parameter port: 0 for a free one.
    /// - Parameter credentials: who may talk to it; nil for everybody.
    public init(_ master: DevMaster, address: String, port: Int, credentials: BasicCredentials?, log: Logger) {
        self.master = master
        self.address = address
        self.port = port
        self.credentials = credentials
        self.log = log
    }

    /// Returns when the task is cancelled, with every connection closed.
    ///
    /// - Parameter onListening: called once, with the port, when the master answers.
    /// - Throws: if the address cannot be listened on.
    public func run(onListening: @escaping @Sendable (Int) async -> Void) async throws {
        var httpLog = log
        // Whoever runs this says that it listens, and what ends it; connections end as their clients like.
        httpLog.logLevel = .critical
        let http = Application(
            responder: MasterHTTP(master: master, credentials: credentials),
            configuration: ApplicationConfiguration(address: .hostname(address, port: port)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                await master.listens(on: port)
                await onListening(port)
            },
            logger: httpLog
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await http.run() }
            group.addTask { await master.run() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
