import HeronModel
import HeronState
import Logging

/// Looks from time to time whether the topology is still in the state.
///
/// Where somebody removed it there, nobody can name it to kill it any more, and its executors end by themselves; so its
/// scheduler has to end too. A state that cannot be reached says nothing.
struct TopologyPresence: Sendable {
    let topology: Topology
    let state: any StateManager
    let log: Logger

    private static let interval = Duration.seconds(10)
    /// An executor waits as long before it takes the topology for gone.
    private static let absences = 3

    /// Returns when the topology is gone, or another one has its name; throws only `CancellationError`.
    func waitUntilGone() async throws {
        var absences = 0
        // An outage is worth one line, however long it takes.
        var isTold = false
        while absences < TopologyPresence.absences {
            try await Task.sleep(for: TopologyPresence.interval)
            do {
                absences = try await state.topology(topology.name)?.id == topology.id ? 0 : absences + 1
                if isTold { log.notice("the state answers again") }
                isTold = false
            } catch {
                if !isTold { log.warning("cannot look whether '\(topology.name)' is still in the state: \(error)") }
                isTold = true
            }
        }
    }
}
