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
    /// How long to wait before the state is asked again after a failure.
    private static let stateRetryInterval = Duration.seconds(10)

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
        let servers = try await Servers.open(manager, topology, options, settings, group, log)
        let result = await Result { try await serve(manager, at: servers) }
        await servers.close(manager)
        try result.get()
    }

    private func serve(_ manager: TopologyManager, at servers: Servers) async throws {
        let keeper = LocationKeeper(
            state: state,
            location: servers.location(options),
            patience: settings.establishInterval * settings.establishAttempts,
            interval: settings.establishInterval,
            log: log
        )
        let events = state.sessionEvents
        try await keeper.advertise()
        log.notice("managing \(options.topologyName) at \(options.host):\(servers.serverPort)")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await follow("the location", try keeper.path) { try await keeper.changed(to: $0) } }
            group.addTask { try await followPackingPlan(manager) }
            group.addTask {
                for await event in events {
                    log.notice("state \(state.location): \(event)")
                    try await keeper.heard(event)
                }
            }
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
        try await follow("the packing plan", try StatePath(.packingplans, options.topologyName)) { node in
            // Without a node an update is under way: the old plan holds until the new one is there.
            guard let node, let plan = PackingPlan.decode(node, log) else { return }
            await manager.packingPlanChanged(plan)
        }
    }

    /// Watches a node until the task is cancelled or the state manager closed.
    ///
    /// Goes on when the state cannot be reached: what runs keeps running, and nothing new is decided.
    private func follow(
        _ subject: String,
        _ path: StatePath,
        _ take: (StateNode?) async throws -> Void
    ) async throws {
        // An outage is worth one line, however long it takes.
        var isTold = false
        while true {
            do {
                for try await node in state.watch(path) {
                    if isTold { log.notice("\(subject) can be read again") }
                    isTold = false
                    try await take(node)
                }
                // A watch ends without an error only with its task or its state manager.
                return
            } catch let error as StateError where error.code != .closed {
                if !isTold { log.error("cannot follow \(subject): \(error); trying on") }
                isTold = true
            }
            try await Task.sleep(for: TopologyManagerService.stateRetryInterval)
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
