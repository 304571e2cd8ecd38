import Files
import Glibc
import Logging
import MesosDevAgent
import MesosDevMaster
import MesosProtocol
import ServiceLifecycle

/// A master and its agents, from their start to the last process's end.
struct DevelopmentCluster: Service {
    /// Where agents listen, as Mesos's do; each has an address of its own.
    private static let agentPort = 5051

    let options: ClusterOptions
    let log: Logger
    private let master: DevMaster

    init(_ options: ClusterOptions, log: Logger) {
        self.options = options
        self.log = log
        master = DevMaster(
            settings: options.settings,
            address: options.address,
            hostname: options.address,
            log: log
        )
    }

    /// Runs the cluster until SIGTERM or SIGINT.
    func runUntilSignal() async throws {
        let group = ServiceGroup(
            services: [self],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: Logger(label: "services") { _ in SwiftLogNoOpLogHandler() }
        )
        try await group.run()
    }

    func run() async throws {
        // Not before it is elected.
        if options.election != nil { await master.lead(.none) }
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                let (ports, listening) = AsyncStream.makeStream(of: Int.self)
                let server = MasterServer(
                    master,
                    address: options.address,
                    port: options.port,
                    credentials: options.credentials,
                    log: log
                )
                group.addTask { try await server.run { listening.yield($0) } }
                group.addTask { try await start(whenListening: ports) }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    /// Starts the agents of a master that listens, and stays with them.
    private func start(whenListening ports: AsyncStream<Int>) async throws {
        guard let port = await ports.first(where: { _ in true }) else { return }
        print("heron-mesos-dev: master at http://\(options.address):\(port)")
        fflush(nil)
        let isAnyPort = options.port == 0
        let (registered, registration) = AsyncStream.makeStream(of: Void.self)
        async let _ = announce(options.agents.count, registered)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, specification) in options.agents.enumerated() {
                group.addTask {
                    try await runAgent(specification, number: index + 1, port: isAnyPort ? 0 : Self.agentPort) {
                        registration.yield()
                    }
                }
            }
            if let election = options.election {
                group.addTask {
                    try await ZooKeeperElection(election, sessionTimeout: options.sessionTimeout, log: log).run(master)
                }
            }
            // Not the end of the cluster if there is neither.
            group.addTask { try await Task.sleep(for: .seconds(1 << 40)) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Says when all agents have registered.
    private func announce(_ count: Int, _ registered: AsyncStream<Void>) async {
        var missing = count
        if missing > 0 {
            for await _ in registered {
                missing -= 1
                if missing == 0 { break }
            }
        }
        guard missing == 0 else { return }
        print("heron-mesos-dev: ready")
        fflush(nil)
    }

    /// Runs one agent until the task is cancelled; then ends its tasks.
    private func runAgent(
        _ specification: AgentSpecification,
        number: Int,
        port: Int,
        onRegistered: @escaping @Sendable () -> Void
    ) async throws {
        let address = "127.0.0.\(number + 1)"
        let folder = try absolutePath(options.workDirectory) + "/agent-\(number)"
        _ = try createFolders(folder)
        let specified = try specification.info(
            number: number,
            of: options.agents.count,
            attributes: options.attributes,
            resources: options.resources
        )
        let server = AgentServer(master, address: address, port: port, workDirectory: folder, log: log)
        let (messages, tell) = AsyncStream.makeStream(of: AgentMessage.self)
        let settings = AgentSettings(workDirectory: folder, address: address)
        let agent = DevAgent(settings: settings, log: log) { tell.yield($0) }
        await agent.begin()
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                let (ports, listening) = AsyncStream.makeStream(of: Int.self)
                group.addTask { try await server.run { listening.yield($0) } }
                group.addTask {
                    guard let port = await ports.first(where: { _ in true }) else { return }
                    var info = specified
                    info.port = Int32(port)
                    await agent.listens(on: port)
                    let id = await master.register(info, address: address)
                    await master.attach(agent, to: id, messages: messages)
                    print("heron-mesos-dev: agent \(id) (\(info.hostname)) at http://\(address):\(port)")
                    fflush(nil)
                    onRegistered()
                    try await Task.sleep(for: .seconds(1 << 40))
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch {
            await Self.end(agent)
            throw error
        }
        await Self.end(agent)
    }

    /// Ends an agent's tasks with the grace that they have, though this task is cancelled.
    private static func end(_ agent: DevAgent) async {
        await Task { await agent.close() }.value
    }
}
