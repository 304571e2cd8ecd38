import Synchronization

/// Bounds how many downloads run at a time. Safe from any task.
final class DownloadSlots: Sendable {
    /// The right to one download, until it is dropped.
    final class Slot: Sendable {
        private let slots: DownloadSlots

        fileprivate init(_ slots: DownloadSlots) {
            self.slots = slots
        }

        deinit {
            slots.free.withLock { $0 += 1 }
        }
    }

    let count: Int
    private let free: Mutex<Int>

    init(_ count: Int) {
        self.count = count
        free = Mutex(count)
    }

    /// A slot, or nil if all are taken. Nobody waits for one: a client that gets no byte gives up, and does not know why.
    func take() -> Slot? {
        let isFree = free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
        return isFree ? Slot(self) : nil
    }
}
