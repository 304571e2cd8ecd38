import Synchronization

/// Bounds how many downloads run at a time; the others wait for their turn, in order. Safe from any task.
final class DownloadSlots: Sendable {
    /// The right to one download, until it is dropped.
    final class Slot: Sendable {
        private let slots: DownloadSlots

        fileprivate init(_ slots: DownloadSlots) {
            self.slots = slots
        }

        deinit {
            slots.giveBack()
        }
    }

    private struct Queue {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let queue: Mutex<Queue>

    init(_ count: Int) {
        queue = Mutex(Queue(free: count))
    }

    /// Waits for a slot. Also a cancelled task waits: those before it end soon then, too.
    func take() async -> Slot {
        await withCheckedContinuation { continuation in
            let isFree = queue.withLock { queue in
                guard queue.free > 0 else {
                    queue.waiting.append(continuation)
                    return false
                }
                queue.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
        return Slot(self)
    }

    private func giveBack() {
        let next: CheckedContinuation<Void, Never>? = queue.withLock { queue in
            guard queue.waiting.isEmpty else { return queue.waiting.removeFirst() }
            queue.free += 1
            return nil
        }
        next?.resume()
    }
}
