import HeronModel
import HeronState
import Logging
import SchedulerCore
import ServiceLifecycle

/// Runs the plugin while the HTTP server runs: start, registration in the state, wait for the end, clean close.
struct SchedulerLife: Service {
    let session: SchedulerSession
    let liveness: LiveServiceGuard
    /// The port on which the HTTP server listens, once it does.
    let port: AsyncStream<Int>
    let address: ServiceAddress
    let packages: PackageStore
    let log: Logger

    /// How long to wait after a kill that failed.
    private static let killInterval = Duration.seconds(5)

    func run() async throws {
        guard let port = await port.first(where: { _ in true }) else { return }
        let endpoint: String = address.endpoint(port: port)
        packages.listens(at: endpoint)
        let context: SchedulingContext = session.context
        let isBeingKilled: Bool
        do {
            isBeingKilled = try await KillMark.stands(context.topology.name, in: context.state)
            try await session.initialize()
            if !isBeingKilled { try await session.schedule() }
            try await register(endpoint)
        } catch {
            await abandon()
            throw error
        }
        log.info("scheduler of \(session.context.topology.name) serves on \(endpoint)")
        let presence = Task { try await killWhenGone() }
        let watchOver = Task { try await endWhenReplaced() }
        let kill = Task { if isBeingKilled { try await finishKill() } }
        let end: SchedulerSession.End = await withGracefulShutdownHandler {
            await session.end()
        } onGracefulShutdown: {
            session.finish(.stopped)
        }
        presence.cancel()
        watchOver.cancel()
        kill.cancel()
        await session.close()
        switch end {
        case .killed: log.info("topology killed")
        case .stopped: log.info("scheduler stopped; the topology goes on")
        case .failed(let reason): throw SchedulerFailure(reason: reason)
        }
    }

    /// Ends a topology whose kill was broken off, again and again until that succeeds. Its state waits for the next
    /// `heron kill`, which also removes its package.
    private func finishKill() async throws {
        log.notice("topology \(session.context.topology.name) is being killed; ending it")
        while true {
            do {
                try await session.kill()
                return session.finish(.killed)
            } catch {
                log.error("\(error)")
            }
            try await Task.sleep(for: SchedulerLife.killInterval)
        }
    }

    /// Ends a topology that was removed from the state, again and again until that succeeds.
    private func killWhenGone() async throws {
        let context: SchedulingContext = session.context
        while true {
            try await TopologyPresence(topology: context.topology, state: context.state, log: log).waitUntilGone()
            log.warning("topology \(context.topology.name) is not in the state any more; ending it")
            do {
                try await session.kill()
                return session.finish(.killed)
            } catch {
                log.error("\(error)")
            }
        }
    }

    /// Ends this service, not the topology, when another one decides in its place: its session was lost for too long.
    private func endWhenReplaced() async throws {
        guard let reason = try await liveness.loss(log: log) else { return }
        session.finish(.failed(reason))
    }

    /// The start failed: a first start leaves nothing running, a later one leaves what ran before.
    private func abandon() async {
        if !session.context.facts.resumed {
            do {
                try await session.kill()
            } catch {
                log.error("containers may be left behind: \(error)")
            }
        }
        await session.close()
    }

    private func register(_ endpoint: String) async throws {
        var location = SchedulerLocation()
        location.topologyName = session.context.topology.name
        location.httpEndpoint = endpoint
        location.jobPageLink = session.jobLinks
        let path = try StatePath(.schedulers, location.topologyName)
        // What stands there is of a service that is gone: this one holds the guard, see ``LiveServiceGuard``.
        _ = try await session.context.state.delete(path, version: nil)
        try await session.context.state.claim(path, try location.serializedBytes())
    }
}

/// The plugin asked for the end of the service because it cannot go on.
struct SchedulerFailure: Error, CustomStringConvertible {
    let reason: String
    var description: String { "the scheduler gave up: \(reason)" }
}
