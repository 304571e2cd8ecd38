import MesosProtocol
import Synchronization

/// What others want of a driver's thread, in order; wakes the thread.
final class DriverInbox: Sendable {
    enum Message: Sendable {
        case subscribe(MesosCall)
        /// Look for the leader without subscribing.
        case findLeader
        case send(QueuedCall)
        case readTail(FileTail)
        /// Calls were left out because there were too many.
        case overflow
        case detection(Detection, detector: Int)
        case log(MesosLogLevel, String)
        case close
    }

    private struct State {
        var messages: [Message] = []
        var calls = 0
        var hasOverflow = false
        var isOpen = true
    }

    private let state = Mutex(State())
    private let multi: CurlMulti

    init(_ multi: CurlMulti) {
        self.multi = multi
    }

    /// False if the driver's thread has ended.
    @discardableResult
    func post(_ message: Message) -> Bool {
        state.withLock { state in
            guard state.isOpen else { return false }
            switch message {
            // Somebody waits for it.
            case .send(let call) where call.completion != nil: state.messages.append(message)
            case .send where state.calls >= CallQueue.maximumCount:
                if !state.hasOverflow { state.messages.append(.overflow) }
                state.hasOverflow = true
            case .send:
                state.calls += 1
                state.messages.append(message)
            case .subscribe, .findLeader, .readTail, .overflow, .detection, .log, .close: state.messages.append(message)
            }
            // Under the lock, so that the multi is still there.
            multi.wake()
            return true
        }
    }

    func take() -> [Message] {
        state.withLock { state in
            defer { state = State() }
            return state.messages
        }
    }

    /// Takes the last messages; there will be no more, and the multi is not used any more.
    func end() -> [Message] {
        state.withLock { state in
            defer { state = State(isOpen: false) }
            return state.messages
        }
    }
}
