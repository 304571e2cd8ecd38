import HeronState
import PluginABI
import Synchronization

/// The watches of one plugin instance. Their watchers run on the plugin's thread, between other calls.
final class StateWatches: Sendable {
    /// The plugin's function and its argument; unchecked, because they are only used on the plugin's thread.
    struct Receiver: @unchecked Sendable {
        let function: heron_state_watcher
        let context: UnsafeMutableRawPointer?
    }

    private struct Watches {
        var tasks: [UInt64: Task<Void, Never>] = [:]
        var last: UInt64 = 0
    }

    private let thread: PluginThread
    private let log: @Sendable (HostFailure) -> Void
    private let watches = Mutex(Watches())

    /// - Parameter log: told why a watch breaks, of which its watcher gets the status only; called on any thread.
    init(thread: PluginThread, log: @escaping @Sendable (HostFailure) -> Void) {
        self.thread = thread
        self.log = log
    }

    func add(_ state: any StateManager, _ path: StatePath, _ receiver: Receiver) -> UInt64 {
        watches.withLock { watches in
            watches.last += 1
            let id = watches.last
            watches.tasks[id] = Task.detached { [weak self] in
                do {
                    for try await node in state.watch(path) {
                        self?.tell(id, receiver, path, .success(node))
                    }
                    throw StateError(.closed, path: path.description, "the state manager was closed")
                } catch {
                    if !Task.isCancelled { self?.tell(id, receiver, path, .failure(error)) }
                }
            }
            return id
        }
    }

    func remove(_ id: UInt64) {
        watches.withLock { $0.tasks.removeValue(forKey: id) }?.cancel()
    }

    func removeAll() {
        let tasks = watches.withLock { watches in
            defer { watches.tasks = [:] }
            return watches.tasks.values
        }
        for task in tasks { task.cancel() }
    }

    private func tell(_ id: UInt64, _ receiver: Receiver, _ path: StatePath, _ news: Result<StateNode?, any Error>) {
        thread.post { [self] in
            // Removed in the meantime: the context may be gone.
            guard watches.withLock({ $0.tasks[id] }) != nil else { return }
            let status: heron_status
            var node: StateNode?
            switch news {
            case .success(let found): (status, node) = (HERON_OK, found)
            case .failure(let error):
                let failure = HostFailure(describing: error)
                log(failure)
                status = failure.status
            }
            if status != HERON_OK { remove(id) }
            path.description.lent { path in
                (node?.data ?? []).lent { data in
                    receiver.function(receiver.context, status, path, node == nil ? 0 : 1, data, node?.version ?? 0)
                }
            }
        }
    }
}
