/// Requests that have not been answered yet.
struct Requests {
    struct Kill {
        let id: RequestID
        let deadline: Moment
        /// Whether the time that tasks have to end has begun.
        let isExtended: Bool
    }

    struct Restart {
        let id: RequestID
        /// The attempt that each container is to get beyond.
        let attempts: [Int32: UInt32]
        let deadline: Moment
    }

    var schedule: (id: RequestID, deadline: Moment)?
    var kills: [Kill] = []
    var restarts: [Restart] = []

    var deadlines: [Moment] {
        kills.map(\.deadline) + restarts.map(\.deadline) + (schedule.map { [$0.deadline] } ?? [])
    }
}
