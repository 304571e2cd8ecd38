import Glibc
import PluginKit
import Processes

/// All processes of one container: the executor's group and session, and whatever else it brought into the world.
///
/// Every process of a container inherits a variable that names the container, so that also those are found which left
/// the session, or whose executor nobody remembers.
struct ContainerProcesses: Sendable {
    let census: ProcessCensus
    let container: Int32
    /// The executor, if it is known.
    let executor: ProcessIdentity?

    /// The variable that marks the processes: container, blank, working directory.
    static let variable = "HERON_LOCAL_CONTAINER"

    /// The marker's value for one container.
    static func marker(_ container: Int32, _ directory: String) -> String { "\(container) \(directory)" }

    /// The living members.
    func members() async -> Set<Int32> {
        await census.members(of: container, ledBy: executor, asOf: .now)
    }

    /// Ends all of them: SIGTERM to the executor, which ends the others; patience; SIGKILL to whoever is left.
    ///
    /// Once the executor is gone its orphans get a SIGTERM too, and a second at most. Returns the ids of processes that
    /// survive SIGKILL for two seconds. Not shortened by cancellation.
    func end(grace: Duration) async -> [Int32] {
        var deadline = ContinuousClock.now + grace
        var orphansWereAsked = false
        executor?.signal(SIGTERM)
        var interval = Duration.milliseconds(5)
        while ContinuousClock.now < deadline {
            let members = await members()
            if members.isEmpty { return [] }
            if !orphansWereAsked && executor?.isAlive != true {
                orphansWereAsked = true
                for member in members { kill(member, SIGTERM) }
                deadline = min(deadline, ContinuousClock.now + .seconds(1))
            }
            await Self.sleep(interval)
            interval = min(interval * 2, .milliseconds(100))
        }
        return await killAll()
    }

    private func killAll() async -> [Int32] {
        let deadline = ContinuousClock.now + .seconds(2)
        while true {
            let members = await members()
            if members.isEmpty { return [] }
            // Again and again, for those that were forked in the meantime.
            for member in members { kill(member, SIGKILL) }
            if ContinuousClock.now >= deadline { return members.sorted() }
            await Self.sleep(.milliseconds(10))
        }
    }

    /// Sleeps for the whole time, also in a cancelled task.
    static func sleep(_ duration: Duration) async {
        await Task { try? await Task.sleep(for: duration) }.value
    }
}
