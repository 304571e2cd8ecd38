import Synchronization

/// A time without a connection: finds out why there is none, and keeps the client's own clock of when the session is
/// over.
///
/// Servers end a session only while they run: if all of them are gone, nobody else tells that others may take what the
/// session held as soon as they are back.
final class Outage: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        var hasToldExpiry = false
    }

    private let state = Mutex(State())
    private let look: @Sendable () async -> Void
    private let onExpiry: @Sendable () -> Void

    private static let firstLook = Duration.seconds(1)
    private static let nextLook = Duration.seconds(10)

    /// - Parameter look: called soon, and then from time to time, as long as the outage lasts.
    /// - Parameter onExpiry: called once, when the session counts as expired.
    init(look: @escaping @Sendable () async -> Void, onExpiry: @escaping @Sendable () -> Void) {
        self.look = look
        self.onExpiry = onExpiry
    }

    /// The connection is lost.
    ///
    /// - Parameter sessionTimeout: how much longer the session can live; nil if there is none.
    func begin(sessionTimeout: Duration?) {
        let watching = Task { [self] in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.keepLooking() }
                if let sessionTimeout {
                    group.addTask {
                        if (try? await Task.sleep(for: sessionTimeout)) != nil { self.expired() }
                    }
                }
            }
        }
        state.withLock { state in
            state.task?.cancel()
            state.task = watching
        }
    }

    /// The connection stands again.
    func end() {
        state.withLock { state in
            state.task?.cancel()
            state = State()
        }
    }

    /// The session has expired; told only once in an outage.
    func expired() {
        let isNews = state.withLock { state in
            defer { state.hasToldExpiry = true }
            return !state.hasToldExpiry
        }
        if isNews { onExpiry() }
    }

    private func keepLooking() async {
        guard (try? await Task.sleep(for: Self.firstLook)) != nil else { return }
        repeat { await look() } while (try? await Task.sleep(for: Self.nextLook)) != nil
    }
}
