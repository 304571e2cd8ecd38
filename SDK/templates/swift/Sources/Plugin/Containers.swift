import Glibc
import PluginKit
import Synchronization

/// Keeps all containers of a topology running, on a thread of its own, until ``leave()`` is called.
final class Containers: Sendable {
    private struct State {
        var list: [Container]
        var isLeaving = false
    }

    private let host: Host
    private let processes: Processes
    private let grace: Duration
    private let state: Mutex<State>
    /// Something has changed.
    private let change: Event
    /// The thread has ended.
    private let end: Event

    private init(_ host: Host, _ processes: Processes, _ grace: Duration, _ list: [Container]) throws {
        self.host = host
        self.processes = processes
        self.grace = grace
        state = Mutex(State(list: list))
        change = try Event()
        end = try Event()
    }

    /// Takes over those of the containers that run, and container 0, starts the others, and keeps all of them running.
    /// Where `mustStart`, it throws if one cannot be started, and then none runs.
    static func run(
        _ host: Host,
        _ processes: Processes,
        grace: Duration,
        ids: [Int32],
        mustStart: Bool
    ) throws -> Containers {
        guard Set(ids).count == ids.count else {
            throw PluginFailure(.invalidArgument, "the plan has a container twice")
        }
        let containers = try Containers(host, processes, grace, ([0] + ids).map { Container(id: $0) })
        do {
            try containers.begin(mustStart: mustStart)
            try startThread {
                containers.watch()
                containers.end.signal()
            }
        } catch {
            if mustStart { try? containers.stop() }
            throw error
        }
        return containers
    }

    private func begin(mustStart: Bool) throws {
        try state.withLock { state in
            for (label, found) in processes.executors() {
                guard let index = state.list.firstIndex(where: { $0.id == label.container && $0.executor == nil })
                else { continue }
                state.list[index].adopt(host, label, found)
            }
            let adopted = Set(state.list.filter { $0.executor != nil }.map(\.id))
            try processes.end(patience: .zero) { !adopted.contains($0) }
            for index in state.list.indices where state.list[index].executor == nil {
                do {
                    try state.list[index].start(host, processes)
                } catch {
                    if mustStart { throw error }
                    host.log(.error, "\(error)")
                }
            }
        }
    }

    /// What became of every container.
    var reports: [ContainerReport] { state.withLock { $0.list.map(\.report) } }

    /// Restarts a container, or all for -1.
    func restart(_ id: Int32) throws {
        defer { change.signal() }
        try state.withLock { state in
            let indices = state.list.indices.filter { id == -1 || state.list[$0].id == id }
            guard !indices.isEmpty else {
                throw PluginFailure(.notFound, "there is no container \(id)", hint: "-1 restarts all containers")
            }
            for index in indices { state.list[index].tell(host, .stopping, "restart requested") }
            var failure: (any Error)?
            do {
                try processes.end(patience: grace) { id == -1 || $0 == id }
            } catch {
                failure = error
            }
            let hasSurvivors = failure != nil
            for index in indices {
                if let executor = state.list[index].executor, hasSurvivors, !executor.hasEnded {
                    state.list[index].tell(host, .running, "survives SIGKILL")
                    continue
                }
                state.list[index].settle(hasSurvivors: hasSurvivors)
                state.list[index].forgetFailures()
                do {
                    try state.list[index].start(host, processes)
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
        }
    }

    /// Ends all containers that there are for the directory, whoever started them.
    func stop() throws {
        try state.withLock { state in
            for index in state.list.indices { state.list[index].tell(host, .stopping, "killed") }
            try processes.end(patience: grace) { _ in true }
            for index in state.list.indices {
                state.list[index].settle(hasSurvivors: false)
                state.list[index].tell(host, .stopped, "killed")
            }
        }
    }

    /// Ends the thread; the containers go on.
    func leave() {
        state.withLock { $0.isLeaving = true }
        change.signal()
        end.wait()
    }

    /// What the thread does.
    private func watch() {
        while true {
            let next: (watched: [Descriptor], due: ContinuousClock.Instant?)? = state.withLock { state in
                if state.isLeaving { return nil }
                for index in state.list.indices { look(&state.list[index]) }
                return (
                    state.list.compactMap { $0.report.state == .running ? $0.executor?.handle : nil },
                    state.list.filter { $0.report.state == .backingOff }.map(\.due).min()
                )
            }
            guard let next else { return }
            wait(for: [change.descriptor] + next.watched, until: next.due)
            change.reset()
        }
    }

    private func look(_ container: inout Container) {
        if container.report.state == .running, container.executor?.hasEnded == true {
            container.ended(host, processes)
        } else if container.report.state == .backingOff, container.due <= .now {
            do {
                try container.start(host, processes)
            } catch {
                host.log(.error, "\(error)")
            }
        }
    }

    /// Waits until one of the descriptors is readable or the time has come.
    private func wait(for descriptors: [Descriptor], until due: ContinuousClock.Instant?) {
        var entries = descriptors.map { pollfd(fd: $0.number, events: Int16(POLLIN), revents: 0) }
        var timeout: CInt = -1
        if let due {
            let left = ContinuousClock.now.duration(to: due)
            timeout = CInt(max(0, min(left / .milliseconds(1), 86_400_000)) + 1)
        }
        withExtendedLifetime(descriptors) { _ = poll(&entries, nfds_t(entries.count), timeout) }
    }
}
