/// Which agents a container avoids for a while, because it failed there.
struct AgentAvoidance {
    /// What a failure says of the agent.
    enum Fault: Hashable {
        /// Nothing, unless it happens again.
        case container
        /// Another agent may do better.
        case unfit
        /// It will not get better by itself: nothing is gained by trying again.
        case unusable
    }

    /// How much an agent is avoided.
    enum Degree: Hashable, Comparable {
        case none
        /// It is used if no other one will do.
        case preferOthers
        case never
    }

    private struct Place: Hashable {
        let container: Int32
        let agent: String
    }

    private struct Failures {
        var count: Int
        var last: Moment
    }

    private var failures: [Place: Failures] = [:]
    private var avoided: [Place: (until: Moment, degree: Degree)] = [:]

    /// The container failed on an agent.
    mutating func failed(
        _ container: Int32,
        on agent: String,
        _ fault: Fault,
        settings: FrameworkSettings,
        at now: Moment
    ) {
        let place = Place(container: container, agent: agent)
        let count = (failures[place]?.count ?? 0) + 1
        guard fault != .container || count >= settings.avoidAfterFailures else {
            failures[place] = Failures(count: count, last: now)
            return
        }
        avoided[place] = (now + settings.avoidFor, fault == .unusable ? .never : .preferOthers)
        failures[place] = nil
    }

    /// The container runs well there.
    mutating func succeeded(_ container: Int32, on agent: String) {
        let place = Place(container: container, agent: agent)
        failures[place] = nil
        avoided[place] = nil
    }

    /// Somebody asked for another try.
    mutating func forget(_ container: Int32) {
        failures = failures.filter { $0.key.container != container }
        avoided = avoided.filter { $0.key.container != container }
    }

    func degree(_ agent: String, for container: Int32, at now: Moment) -> Degree {
        avoided[Place(container: container, agent: agent)].map { $0.until > now ? $0.degree : .none } ?? .none
    }

    /// Drops what is over, so that it does not grow with the agents of a year.
    mutating func prune(at now: Moment, settings: FrameworkSettings) {
        avoided = avoided.filter { $0.value.until > now }
        failures = failures.filter { now - $0.value.last < settings.avoidFor }
    }
}
