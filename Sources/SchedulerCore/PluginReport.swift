import FoundationEssentials
import HeronJSON
import Logging
import PluginHost
import Synchronization

/// What a scheduler plugin says about itself, as it was when it had time to say it. Safe from any task.
///
/// The plugin answers on its own thread only, where a call may take minutes: whoever asks gets the last answer then.
final class PluginReport: Sendable {
    /// The last answers.
    struct Answers: Sendable {
        /// A JSON object; nil if the plugin tells nothing.
        var status: JSONValue?
        var links: [String] = []
    }

    private struct Contents {
        var answers = Answers()
        var isAsking = false
        var problem: String?
    }

    /// How long somebody who asks waits for a plugin that is not busy.
    private static let patience = Duration.milliseconds(250)
    /// A longer status is not kept.
    private static let maximumBytes = 1 << 20

    private let links: @Sendable () async throws -> [String]
    private let status: @Sendable () async throws -> String?
    private let log: Logger
    private let contents = Mutex(Contents())

    /// - Parameters:
    ///   - links: asks the plugin for links to pages about the topology.
    ///   - status: asks it for its status, as JSON.
    init(
        links: @escaping @Sendable () async throws -> [String],
        status: @escaping @Sendable () async throws -> String?,
        log: Logger
    ) {
        self.links = links
        self.status = status
        self.log = log
    }

    /// The last answers.
    var answers: Answers { contents.withLock { $0.answers } }

    /// Asks the plugin, unless it is being asked, and waits a moment for the answers.
    func refreshed() async -> Answers {
        let begins = contents.withLock { contents in
            defer { contents.isAsking = true }
            return !contents.isAsking
        }
        if begins {
            let waiter = Waiter()
            Task {
                await self.ask()
                waiter.resume()
            }
            await waiter.wait(for: PluginReport.patience)
        }
        return answers
    }

    private func ask() async {
        var problem: String?
        do {
            let links: [String] = try await self.links()
            contents.withLock { $0.answers.links = links }
            let status: JSONValue? = try await self.status().map(PluginReport.object)
            contents.withLock { $0.answers.status = status }
        } catch let error as PluginError where error.code == .closed {
            // It ended in the meantime; its last words stand.
        } catch {
            problem = "\(error)"
        }
        let isNew = contents.withLock { contents in
            defer { contents.problem = problem }
            contents.isAsking = false
            return contents.problem != problem
        }
        if isNew, let problem { log.warning("the scheduler's own status cannot be had: \(problem)") }
    }

    private static func object(_ text: String) throws -> JSONValue {
        guard text.utf8.count <= maximumBytes else {
            throw SchedulingError("its \(text.utf8.count) bytes are more than \(maximumBytes)")
        }
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)), case .object = value else {
            throw SchedulingError("it is not a JSON object")
        }
        return value
    }
}

/// Lets one task wait for something that happens once, but not for long.
private final class Waiter: Sendable {
    private enum State {
        case idle
        case waiting(CheckedContinuation<Void, Never>)
        case over
    }

    private let state = Mutex(State.idle)

    func wait(for limit: Duration) async {
        let alarm = Task {
            try await Task.sleep(for: limit)
            self.resume()
        }
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if case .over = state { return true }
                state = .waiting(continuation)
                return false
            }
            if isOver { continuation.resume() }
        }
        alarm.cancel()
    }

    func resume() {
        let waiting: CheckedContinuation<Void, Never>? = state.withLock { state in
            defer { state = .over }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        waiting?.resume()
    }
}
