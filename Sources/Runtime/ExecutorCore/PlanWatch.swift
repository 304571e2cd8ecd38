import HeronModel
import HeronState
import Logging

/// Follows a topology's packing plan.
///
/// An update of the topology deletes the plan and creates it again, and a state that cannot be reached says nothing at
/// all; so a plan that is away changes nothing by itself. Only where the topology is away too, it was killed.
public struct PlanWatch: Sendable {
    private let state: any StateManager
    private let topology: String
    private let grace: Duration
    private let log: Logger

    /// - Parameter grace: how long a plan has to be away before it matters.
    public init(_ topology: String, in state: any StateManager, grace: Duration, log: Logger) {
        self.topology = topology
        self.state = state
        self.grace = grace
        self.log = log
    }

    private enum Event: Sendable {
        case plan(PackingPlan)
        case noPlan
        case graceOver(absence: Int)
    }

    /// Hands over the plan as it is and after each change; returns when the topology is gone, or the task is cancelled.
    public func run(_ follow: (PackingPlan) async -> Void) async throws {
        let packingPlan = try StatePath(.packingplans, topology)
        let (events, sink) = AsyncStream.makeStream(of: Event.self)
        let watching = Task { await watch(packingPlan, sink) }
        defer { watching.cancel() }
        // Counted, so that the timer of an absence that is over is known as such.
        var absence: (number: Int, timer: Task<Void, any Error>?) = (0, nil)
        defer { absence.timer?.cancel() }
        for await event in events {
            switch event {
            case .plan(let plan):
                absence.timer?.cancel()
                absence.timer = nil
                await follow(plan)
            case .noPlan where absence.timer == nil:
                log.warning("the packing plan of '\(topology)' is away; what runs is kept")
                absence = (absence.number + 1, timer(absence.number + 1, sink))
            case .graceOver(absence.number) where absence.timer != nil:
                if await topologyIsGone() { return }
                absence.timer = timer(absence.number, sink)
            case .noPlan, .graceOver:
                break
            }
        }
    }

    private func timer(_ absence: Int, _ sink: AsyncStream<Event>.Continuation) -> Task<Void, any Error> {
        Task {
            try await Task.sleep(for: grace)
            sink.yield(.graceOver(absence: absence))
        }
    }

    private func topologyIsGone() async -> Bool {
        do {
            return try await state.topology(topology) == nil
        } catch {
            log.warning("cannot find out whether '\(topology)' is gone: \(error)")
            return false
        }
    }

    private func watch(_ path: StatePath, _ sink: AsyncStream<Event>.Continuation) async {
        let first = Duration.seconds(1)
        var pause = first
        while !Task.isCancelled {
            do {
                for try await plan in state.watch(path, as: PackingPlan.self) {
                    pause = first
                    sink.yield(plan.map { .plan($0) } ?? .noPlan)
                }
                return
            } catch {
                // An outage is worth one line, however long it takes.
                if pause == first { log.warning("cannot follow the packing plan: \(error); trying on") }
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(30))
            }
        }
    }
}
