import MesosProtocol

/// Milliseconds since the epoch. The framework has no clock: whoever drives it says what time it is, never going back.
public typealias Moment = Int64

/// What a framework is told once. Times are in milliseconds.
public struct FrameworkSettings: Sendable, Hashable {
    /// The topology's id, unique for ever: task ids begin with it.
    public var topologyID: String
    /// What SUBSCRIBE says of the framework, without its id.
    public var info: MesosFrameworkInfo
    /// The role whose resources are used.
    public var resourceRole: String
    /// What each container needs, container 0 included.
    public var needs: [ContainerNeed]

    /// How long a first registration may take before the schedule request fails; a resumed one waits for ever.
    public var registrationTimeout: Moment = 30_000
    /// The pause after a first failure of a container; doubled after each further one.
    public var restartDelay: Moment = 1_000
    /// The longest pause.
    public var restartDelayMaximum: Moment = 300_000
    /// A run of at least this length makes the failures before it forgotten.
    public var restartStable: Moment = 60_000
    /// How long a task may take from its launch to TASK_RUNNING before it is killed and replaced.
    public var launchTimeout: Moment = 300_000
    /// How long a task has between SIGTERM and SIGKILL.
    public var killGrace: Moment = 10_000
    /// How much longer than the grace a kill or restart may take before it is answered with what is missing, and the
    /// longest time until that answer: whoever asks does not wait for ever.
    public var killPatience: Moment = 60_000
    public var answerTime: Moment = 100_000
    /// How long after its agent was lost a container gets a new task.
    public var lostAgentDelay: Moment = 75_000
    /// After how many failures in a row on one agent a container avoids it, and for how long.
    public var avoidAfterFailures = 2
    public var avoidFor: Moment = 600_000
    /// How long an offer that fits nothing is held, in hope of another one of its agent to go with it.
    public var offerHold: Moment = 2_000
    /// For how long offers are refused while a container still waits, at first and after many in vain, and while none
    /// does.
    public var busyFilter: Moment = 5_000
    public var busyFilterMaximum: Moment = 40_000
    public var idleFilter: Moment = 3_600_000
    /// The shortest time between two REVIVEs, and the longest one without while a container waits.
    public var reviveSpacing: Moment = 5_000
    public var reviveInterval: Moment = 120_000
    /// The time between two periodic reconciliations.
    public var reconcileInterval: Moment = 600_000
    /// Offers of agents that go down within this time are used last.
    public var maintenanceHorizon: Moment = 3_600_000

    public init(topologyID: String, info: MesosFrameworkInfo, resourceRole: String, needs: [ContainerNeed]) {
        self.topologyID = topologyID
        self.info = info
        self.resourceRole = resourceRole
        self.needs = needs
    }

    /// How long a kill or a restart may take before it is answered with what is missing.
    var killTime: Moment { min(killGrace + killPatience, answerTime) }

    /// The pause after this many failures in a row, from 1.
    func pause(afterFailures failures: Int) -> Moment {
        var pause = restartDelay
        for _ in 1..<max(failures, 1) where pause < restartDelayMaximum { pause *= 2 }
        return min(pause, restartDelayMaximum)
    }
}
