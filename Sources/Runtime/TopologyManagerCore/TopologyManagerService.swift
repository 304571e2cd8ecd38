import HeronModel
import HeronState
import HeronWire
import Logging
import NIOCore
import RuntimeConfig
import RuntimeHTTP

/// heron-tmanager: the one process of a topology that knows all its stream managers.
///
/// The order of the start differs from Heron's in one point: the ports are open before the location is advertised.
public struct TopologyManagerService: Sendable {
    private let options: TopologyManagerOptions
    private let settings: TopologyManagerSettings
    private let state: any StateManager
    private let log: Logger

    public init(
        _ options: TopologyManagerOptions,
        settings: TopologyManagerSettings,
        state: any StateManager,
        log: Logger
    ) {
        self.options = options
        self.settings = settings
        self.state = state
        self.log = log
    }

    /// Runs until the task is cancelled. Neither the state nor the group is closed.
    ///
    /// Throws an error with one clear line if the manager cannot start, or has no reason to go on: its topology is gone,
    /// or another manager took over.
    public func run(on group: any EventLoopGroup) async throws {
        let loader = TopologyLoader(state: state, options: options, log: log)
        let topology = try await loader.topology()
        let machine = TopologyMachine(
            topology: topology,
            storedPlan: try await loader.storedPlan(),
            packingPlan: try await loader.packingPlan(),
            silenceLimit: settings.streamManagerTimeout
        )
        let manager = TopologyManager(
            machine: machine,
            store: try PlanStore(state: state, topology: topology.name),
            eventLoop: group.next(),
            log: log
        )
        log.info("metrics are not collected: there is no metrics manager in this container")
        let servers = try await Servers.open(manager, topology, options, settings, group)
        let result = await Result { try await serve(manager, at: servers) }
        await servers.close(manager)
        try result.get()
    }

    private func serve(_ manager: TopologyManager, at servers: Servers) async throws {
        let keeper = LocationKeeper(
            state: state,
            location: servers.location(options),
            attempts: settings.establishAttempts,
            interval: settings.establishInterval,
            log: log
        )
        try await keeper.advertise()
        log.notice("managing \(options.topologyName) at \(options.host):\(servers.serverPort)")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await persist("the location") { try await keeper.keep() } }
            group.addTask { try await persist("the packing plan") { try await followPackingPlan(manager) } }
            group.addTask { await noteSessionEvents() }
            group.addTask {
                while true {
                    try await Task.sleep(for: .seconds(1))
                    await manager.tick()
                }
            }
            defer { group.cancelAll() }
            // Not waitForAll, which would wait for the others when one has failed.
            for try await _ in group {}
        }
    }

    private func followPackingPlan(_ manager: TopologyManager) async throws {
        for try await node in state.watch(try StatePath(.packingplans, options.topologyName)) {
            // Without a node an update is under way: the old plan holds until the new one is there.
            guard let node, let plan = PackingPlan.decode(node, log) else { continue }
            await manager.packingPlanChanged(plan)
        }
    }

    private func noteSessionEvents() async {
        for await event in state.sessionEvents {
            log.notice("state \(state.location): \(event)")
        }
    }

    /// Goes on when the state cannot be reached: what runs keeps running, and nothing new is decided.
    private func persist(_ subject: String, _ body: () async throws -> Void) async throws {
        while true {
            do {
                try await body()
                // A watch ends without an error only with its task or its state manager.
                return
            } catch let error as StateError where error.code != .closed {
                log.error("cannot watch \(subject): \(error); trying again in 10 s")
            }
            try await Task.sleep(for: .seconds(10))
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
