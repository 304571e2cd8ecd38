import FoundationEssentials
import HeronState
import Logging

/// Writes what a container's processes do into the state, for `heron status`.
struct StatusPublisher {
    let topology: String
    let container: Int32
    let state: any StateManager
    let log: Logger

    /// A crash loop must not keep the state busy.
    private static let pause = Duration.milliseconds(500)

    /// Publishes each change, or the last of several that follow each other quickly, until the stream ends.
    func run(_ changes: AsyncStream<[ProcessStatus]>) async {
        for await statuses in changes {
            do {
                try await publish(statuses)
            } catch is CancellationError {
                return
            } catch {
                log.warning("the status of the processes is not published: \(error)")
            }
            try? await Task.sleep(for: StatusPublisher.pause)
        }
    }

    private func publish(_ statuses: [ProcessStatus]) async throws {
        let path = try StatePath.processStatuses(of: topology).appending("\(container)")
        let bytes = [UInt8](try JSONEncoder().encode(statuses))
        do {
            try await state.set(path, bytes, version: nil)
        } catch let error as StateError where error.code == .noNode {
            // A kill removes all nodes before the executors have ended; this one must not come back.
            guard try await state.get(StatePath(.topologies, topology)) != nil else { return }
            try await state.create(path, bytes, .ephemeral)
        }
    }
}
