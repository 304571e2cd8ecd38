/// Decides which processes run, and when one that ended starts again.
///
/// Pure: no clock and no processes. Each process stands for itself; a slow restart of one delays no other.
public struct Supervision: Sendable {
    /// How restarts are spaced.
    public struct Policy: Sendable, Hashable {
        /// Before the first restart; doubled with every further failure.
        public var firstDelay: Duration
        public var longestDelay: Duration
        /// A run of at least this length makes up for the failures before it.
        public var stableRun: Duration
        /// Failures in a row after which the container as a whole is given up.
        public var failureLimit: Int

        /// Heron's limit of 150, with delays of half a second to half a minute instead of its flat ten seconds.
        public init(
            firstDelay: Duration = .milliseconds(500),
            longestDelay: Duration = .seconds(30),
            stableRun: Duration = .seconds(60),
            failureLimit: Int = 150
        ) {
            self.firstDelay = firstDelay
            self.longestDelay = longestDelay
            self.stableRun = stableRun
            self.failureLimit = failureLimit
        }

        func delay(afterFailure number: Int) -> Duration {
            // Beyond 20 doublings every sensible first delay has reached the longest.
            min(longestDelay, firstDelay * (1 << min(number - 1, 20)))
        }
    }

    /// Names one start of a process; never used twice.
    public typealias Run = Int

    /// What is to be done, in order.
    public enum Action: Sendable, Hashable {
        /// Start the command, and report its end with ``Supervision/ended(_:after:)``; a failure to start is an end too.
        case start(ProcessCommand, Run)
        /// End a run; its end is still to be reported.
        case stop(Run)
        /// Call ``Supervision/restartDue(_:)`` after the delay.
        case restart(String, Run, after: Duration)
        /// The process fails again and again: end the container.
        case giveUp(String)
    }

    private struct Process {
        var command: ProcessCommand
        var phase: Phase
        var failures = 0
    }

    private enum Phase: Hashable {
        case running(Run)
        /// Ended, and to start again when the delay after this run is over.
        case waiting(Run)
        /// To start when the predecessor of the same name, which may hold a port, has ended.
        case blocked
    }

    private let policy: Policy
    private var processes: [String: Process] = [:]
    /// Runs that were told to stop, with their process's name.
    private var stopping: [Run: String] = [:]
    private var lastRun: Run = 0

    public init(_ policy: Policy = Policy()) {
        self.policy = policy
    }

    /// Whether no run is left.
    public var isIdle: Bool {
        stopping.isEmpty && !processes.values.contains { if case .running = $0.phase { true } else { false } }
    }

    /// Makes these the processes to run: starts missing ones, stops others and those whose command differs, keeps the rest.
    public mutating func want(_ commands: [ProcessCommand]) -> [Action] {
        let wanted = Dictionary(commands.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        var actions: [Action] = []
        for name in processes.keys.sorted() where wanted[name] != processes[name]?.command {
            if case .running(let run)? = processes.removeValue(forKey: name)?.phase {
                stopping[run] = name
                actions.append(.stop(run))
            }
        }
        for command in commands where processes[command.name] == nil {
            processes[command.name] = Process(command: command, phase: .blocked)
            if !stopping.values.contains(command.name) { actions += start(command.name) }
        }
        return actions
    }

    /// A run has ended, `lasted` after its start.
    public mutating func ended(_ run: Run, after lasted: Duration) -> [Action] {
        if let name = stopping.removeValue(forKey: run) {
            let isNext = processes[name]?.phase == .blocked && !stopping.values.contains(name)
            return isNext ? start(name) : []
        }
        guard let (name, process) = processes.first(where: { $0.value.phase == .running(run) }) else { return [] }
        let failures = lasted >= policy.stableRun ? 1 : process.failures + 1
        processes[name]?.failures = failures
        processes[name]?.phase = .waiting(run)
        guard failures <= policy.failureLimit else { return [.giveUp(name)] }
        return [.restart(name, run, after: policy.delay(afterFailure: failures))]
    }

    /// The delay after a run is over.
    public mutating func restartDue(_ run: Run) -> [Action] {
        // A plan change meanwhile has dropped the process, or started it anew.
        guard let name = processes.first(where: { $0.value.phase == .waiting(run) })?.key else { return [] }
        return start(name)
    }

    private mutating func start(_ name: String) -> [Action] {
        guard let command = processes[name]?.command else { return [] }
        lastRun += 1
        processes[name]?.phase = .running(lastRun)
        return [.start(command, lastRun)]
    }
}
