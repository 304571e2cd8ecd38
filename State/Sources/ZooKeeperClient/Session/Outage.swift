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
    private let patience: Int
    private let look: @Sendable () async -> Bool
    private let onExpiry: @Sendable () -> Void
    private let onStall: @Sendable () -> Void

    private static let firstLook = Duration.seconds(1)
    private static let nextLook = Duration.seconds(4)

    /// - Parameter patience: how many looks in a row have to find a server that serves before there is a stall.
    /// - Parameter look: called soon, and then from time to time, as long as the outage lasts; whether a server serves.
    /// - Parameter onExpiry: called once, when the session counts as expired.
    /// - Parameter onStall: called when servers have served for a while and there is no connection all the same.
    init(
        patience: Int,
        look: @escaping @Sendable () async -> Bool,
        onExpiry: @escaping @Sendable () -> Void,
        onStall: @escaping @Sendable () -> Void
    ) {
        self.patience = patience
        self.look = look
        self.onExpiry = onExpiry
        self.onStall = onStall
    }

    /// The connection is lost.
    ///
    /// - Parameter sessionEnd: until when the session can live; nil if there is none.
    func begin(sessionEnd: ContinuousClock.Instant?) {
        let watching = Task { [self] in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.keepLooking() }
                if let sessionEnd {
                    group.addTask {
                        if (try? await Task.sleep(until: sessionEnd)) != nil { self.expired() }
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
        var servingLooks = 0
        repeat {
            servingLooks = await look() ? servingLooks + 1 : 0
            if servingLooks == patience, !Task.isCancelled { onStall() }
        } while (try? await Task.sleep(for: Self.nextLook)) != nil
    }
}
