import PluginHost
import Synchronization

/// The last thing that the scheduler said about each container. Safe from any thread.
public final class ContainerBoard: Sendable {
    private let statuses = Mutex<[Int32: ContainerStatus]>([:])

    public init() {}

    /// Takes note of a container's new state; a stopped container of which nothing more is to be said is forgotten.
    public func note(_ status: ContainerStatus) {
        statuses.withLock { $0[status.container] = status }
    }

    /// The containers' states, ordered by container.
    public var all: [ContainerStatus] {
        statuses.withLock { statuses in statuses.values.sorted { $0.container < $1.container } }
    }
}
