import ArgumentParser
import Glibc
import HeronConfig
import HeronLogging
import HeronState
import Hummingbird
import HummingbirdCore
import Listening
import Logging
import NIOCore
import PluginHost
import Processes
import SchedulerCore
import ServiceLifecycle

/// The scheduler service of one topology; a launcher starts it in the topology's working directory.
@main
struct SchedulerMain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heron-scheduler",
        abstract: "Serves one topology: schedules its containers and keeps them running.",
        discussion: "Started by `heron submit` and `heron scheduler start` in the topology's working directory."
    )

    @Option(help: "The cluster.") var cluster: String
    @Option(help: "The role.") var role: String
    @Option(help: "The environ.") var environment: String
    @Option(name: .customLong("topology_name"), help: "The topology.") var topologyName: String
    @Option(name: .customLong("topology_bin"), help: "The topology's file in the working directory.")
    var topologyBinary: String
    @Option(name: .customLong("http_port"), help: "The port to serve on; 0 for a free one.")
    var httpPort: Int?
    @Option(name: .customLong("heron_home"), help: "The Heron distribution, for its plugins.") var heronHome: String
    @Option(name: [.customShort("P"), .customLong("property_override")], help: "KEY=VALUE, as on the command line.")
    var properties: [String] = []
    @Flag(help: "Log more.") var verbose = false

    /// Idle connections, and ones that send their request too slowly, are closed.
    private static let idleLimit = TimeAmount.seconds(60)
    /// More wait to be accepted: the plugin needs descriptors too.
    private static let maximumConnections = 512

    func run() async throws {
        shareHeap()
        try HeronLogging.bootstrap(level: verbose ? .debug : .info)
        let log = Logger(label: "heron-scheduler")
        do {
            try await serve(log)
        } catch {
            log.error("\(error)")
            throw ExitCode(1)
        }
    }

    private func serve(_ log: Logger) async throws {
        let catalog: PluginCatalog = .scan(.standard(heronHome: heronHome))
        let context = try await SchedulingContext.open(
            SchedulingContext.Origin(
                place: ClusterRoleEnviron(cluster: cluster, role: role, environ: environment),
                topology: topologyName,
                topologyFile: topologyBinary,
                heronHome: heronHome,
                workingDirectory: try currentDirectory(),
                properties: try properties.map(ConfigProperty.init(parsing:))
            ),
            catalog: catalog,
            log: log
        )
        do {
            let liveness = try await LiveServiceGuard.take(topologyName, context.state)
            let address = try ServiceAddress(context.config, port: httpPort)
            let packages = PackageStore(directory: context.facts.workingDirectory)
            let session = try await SchedulerSession(context, catalog: catalog, packages: packages)
            let check = SecretCheck(
                secret: try await secret(context),
                allowsLocal: try context.config.bool(.allowsLocalWithoutSecret)
            )
            try await group(session, liveness, check, address, packages, log).run()
            await liveness.release()
        } catch {
            await context.state.close()
            throw error
        }
        await context.state.close()
    }

    private func secret(_ context: SchedulingContext) async throws -> TopologySecret {
        guard let secret: TopologySecret = try await context.state.secret(of: topologyName) else {
            throw SchedulingError("topology '\(topologyName)' has no secret in the state at \(context.state.location)")
        }
        return secret
    }

    private func currentDirectory() throws -> String {
        guard let path: UnsafeMutablePointer<CChar> = getcwd(nil, 0) else {
            throw SchedulingError("the working directory is gone")
        }
        defer { free(path) }
        return String(cString: path)
    }

    private func group(
        _ session: SchedulerSession,
        _ liveness: LiveServiceGuard,
        _ check: SecretCheck,
        _ address: ServiceAddress,
        _ packages: PackageStore,
        _ log: Logger
    ) -> ServiceGroup {
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        var httpLog: Logger = log
        // That the server listens says the session, once it can also be found.
        if !verbose { httpLog.logLevel = .notice }
        let interface = SchedulerHTTP(session: session, packages: PackageHTTP(packages: packages, log: log))
        let http = Application(
            router: interface.router(check),
            server: .http1(configuration: HTTP1Channel.Configuration(idleTimeout: Self.idleLimit)),
            configuration: ApplicationConfiguration(
                address: .hostname(address.bind, port: address.port),
                serverName: "heron-scheduler",
                availableConnectionsDelegate: MaximumAvailableConnections(Self.maximumConnections)
            ),
            onServerRunning: { channel in
                // Fails only if the server has been closed.
                try? await channel.eventLoop.submit {
                    try AcceptPause.add(to: channel) { log.error("\($0)") }
                }.get()
                if let port: Int = channel.localAddress?.port { listening.yield(port) }
            },
            logger: httpLog
        )
        let life = SchedulerLife(
            session: session,
            liveness: liveness,
            port: ports,
            address: address,
            packages: packages,
            log: log
        )
        return ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(
                        service: ListeningService(application: http, address: address),
                        failureTerminationBehavior: .cancelGroup
                    ),
                    .init(
                        service: life,
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup
                    ),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: log
            )
        )
    }
}
