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
    private static let longestPause = Duration.seconds(10)

    /// Publishes each change, or the last of several that follow each other quickly, until the stream ends.
    func run(_ changes: AsyncStream<[ProcessStatus]>) async {
        var isMine = false
        for await statuses in changes {
            await publishAtLast(statuses, &isMine)
            try? await Task.sleep(for: StatusPublisher.pause)
        }
    }

    /// Tries until it succeeds or the task is cancelled, and complains only once; newer changes wait in the stream.
    private func publishAtLast(_ statuses: [ProcessStatus], _ isMine: inout Bool) async {
        var pause = StatusPublisher.pause
        while !Task.isCancelled {
            do {
                return try await publish(statuses, &isMine)
            } catch {
                if pause == StatusPublisher.pause, !Task.isCancelled {
                    log.warning("the status of the processes is not published: \(error); trying again")
                }
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, StatusPublisher.longestPause)
        }
    }

    /// - Parameter isMine: whether the node is this executor's, as far as it knows. While it is not, a node that stands
    ///   is that of the container's former executor on another machine, and goes with it.
    private func publish(_ statuses: [ProcessStatus], _ isMine: inout Bool) async throws {
        let path = try StatePath.processStatuses(of: topology).appending("\(container)")
        let bytes = [UInt8](try JSONEncoder().encode(statuses))
        if isMine {
            do {
                try await state.set(path, bytes, version: nil)
                return
            } catch let error as StateError where error.code == .noNode {
                isMine = false
            }
        }
        // A kill removes all nodes before the executors have ended; this one must not come back.
        guard try await state.get(StatePath(.topologies, topology)) != nil else { return }
        try await state.claim(path, bytes)
        isMine = true
    }
}
