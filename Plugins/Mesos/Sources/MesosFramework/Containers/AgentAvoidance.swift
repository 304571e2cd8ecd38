/// On which agents a container is not tried for a while, because it kept failing there.
struct AgentAvoidance {
    private struct Place: Hashable {
        let container: Int32
        let agent: String
    }

    private var failures: [Place: Int] = [:]
    private var until: [Place: Moment] = [:]

    /// The container failed on an agent; for good reasons it is not tried there again at once.
    mutating func failed(
        _ container: Int32,
        on agent: String,
        isUnfit: Bool,
        settings: FrameworkSettings,
        at now: Moment
    ) {
        let place = Place(container: container, agent: agent)
        failures[place, default: 0] += 1
        guard isUnfit || failures[place, default: 0] >= settings.avoidAfterFailures else { return }
        until[place] = now + settings.avoidFor
        failures[place] = nil
    }

    /// The container runs well there.
    mutating func succeeded(_ container: Int32, on agent: String) {
        let place = Place(container: container, agent: agent)
        failures[place] = nil
        until[place] = nil
    }

    /// Somebody asked for another try.
    mutating func forget(_ container: Int32) {
        failures = failures.filter { $0.key.container != container }
        until = until.filter { $0.key.container != container }
    }

    func isAvoided(_ agent: String, by container: Int32, at now: Moment) -> Bool {
        until[Place(container: container, agent: agent)].map { $0 > now } ?? false
    }

    /// Drops what is over, so that it does not grow with the agents of a year.
    mutating func prune(at now: Moment) {
        until = until.filter { $0.value > now }
    }
}
