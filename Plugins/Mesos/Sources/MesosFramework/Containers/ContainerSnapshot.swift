import MesosProtocol

/// What the world is told about a container.
public struct ContainerSnapshot: Sendable, Hashable {
    public enum State: Sendable, Hashable {
        case pending, running, backingOff, stopping, stopped
    }

    public var container: Int32
    public var state: State
    public var attempt: UInt32
    public var reason: String
    /// What runs, or may run.
    public var task: TaskRun?
    /// The last one that ended, if nothing runs, or not for long enough to count as well.
    public var last: TaskRun?
    /// Older tasks that have not been seen to end.
    public var strays: [TaskRun]
    /// Why offers did not suit it, while it waits.
    public var refusals: [RefusalHistory.Entry]
}
