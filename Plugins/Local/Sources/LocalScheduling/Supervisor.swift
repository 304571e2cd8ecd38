import PluginKit
import PluginSupport
import Processes
import Synchronization

/// Keeps the containers of one topology running, on a thread of its own.
final class Supervisor: Sendable {
    /// A container to keep running: a new one, or one that a predecessor started and that still runs.
    struct Assignment: Sendable {
        let container: Int32
        /// The attempt to start it as; for one that runs, that of its record.
        let attempt: UInt32
        let running: RunRecord?
    }

    /// What became of a request to restart.
    enum RestartOutcome: Sendable, Hashable {
        case running
        case noSuchContainer
        /// One line for each container that does not run again.
        case failed([String])
    }

    enum Message: Sendable {
        /// Answered with what failed at once, one line for each container.
        case take([Assignment], Reply<[String]>)
        /// -1 for all. Answered once the containers run again, or cannot.
        case restart(Int32, Reply<RestartOutcome>)
        /// Answered once none is left, or with what cannot be ended, one line for each container.
        case stop(Reply<[String]>)
        /// The thread shall end; the containers go on.
        case leave(Reply<Void>)
        case exited(Int32, attempt: UInt32, String)
        case ended(Int32, survivors: [Int32])
    }

    let mailbox = Mailbox<Message>()
    private let published = Mutex<[ContainerReport]>([])

    init(host: Host, settings: LocalSettings, directory: String) throws {
        let mailbox = mailbox
        let portKeeper = try PortKeeper()
        do {
            try startThread { [self] in
                var loop = SupervisorLoop(
                    host: host,
                    settings: settings,
                    directory: directory,
                    mailbox: mailbox,
                    portKeeper: portKeeper,
                    publish: { reports in self.published.withLock { $0 = reports } }
                )
                loop.run()
            }
        } catch {
            portKeeper.leave()
            throw error
        }
    }

    /// What became of every container, ordered by container.
    var reports: [ContainerReport] { published.withLock { $0 } }

    /// Takes over containers; returns what failed at once.
    func take(_ assignments: [Assignment]) -> [String] {
        let reply = Reply<[String]>()
        mailbox.put(.take(assignments, reply))
        return reply.wait()
    }

    /// Restarts a container, or all for -1, and waits until that is done.
    func restart(_ container: Int32) -> RestartOutcome {
        let reply = Reply<RestartOutcome>()
        mailbox.put(.restart(container, reply))
        return reply.wait()
    }

    /// Ends all containers and waits until they are gone; returns what could not be ended.
    func stop() -> [String] {
        let reply = Reply<[String]>()
        mailbox.put(.stop(reply))
        return reply.wait()
    }

    /// Ends the thread; the containers go on.
    func leave() {
        let reply = Reply<Void>()
        mailbox.put(.leave(reply))
        reply.wait()
    }
}
