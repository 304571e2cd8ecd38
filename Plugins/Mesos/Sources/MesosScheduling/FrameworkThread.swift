import MesosAPI
import MesosFramework
import MesosProtocol
import PluginKit
import PluginSupport
import Synchronization

/// Drives the framework of one topology, on a thread of its own.
final class FrameworkThread: Sendable {
    enum Message: Sendable {
        case event(FrameworkEvent)
        case driver(DriverEvent)
        case tail(SandboxTails.Tail, container: Int32)
        case request(@Sendable (RequestID) -> FrameworkEvent, Reply<RequestOutcome>)
        case offers(Reply<[MesosOffer]>)
        /// The thread shall end; the tasks go on.
        case leave
    }

    /// What others may know of it.
    struct Overview: Sendable {
        var frameworkID: String?
        var master = ""
        var phase = Framework.Phase.idle
        var reason = ""
        var isBeingKilled = false
    }

    private let mailbox: Mailbox<Message>
    private let overviewBox: OverviewBox
    private let driver: MesosDriver
    private let ended = Reply<Void>()
    private let leaving = LeavingFlag()

    /// Starts the thread and the connection's; nothing is connected yet.
    init(_ framework: Framework, ledger: Ledger, builder: TaskBuilder?, settings: MesosSettings, host: Host) throws {
        let mailbox = Mailbox<Message>()
        let overviewBox = OverviewBox()
        self.mailbox = mailbox
        self.overviewBox = overviewBox
        do {
            driver = try MesosDriver(
                settings.options,
                log: { level, line in host.logDriver(level, line) },
                receive: { mailbox.put(.driver($0)) }
            )
        } catch {
            throw PluginFailure(.failed, "\(error)")
        }
        try startThread { [driver, ended, leaving] in
            var loop = FrameworkLoop(
                framework: framework,
                ledger: ledger,
                builder: builder,
                driver: driver,
                host: host,
                mailbox: mailbox,
                overviewBox: overviewBox,
                leaving: leaving
            )
            loop.run()
            ended.give(())
        }
    }

    var overview: Overview { overviewBox.value }

    /// What the connection is doing.
    var driverState: DriverState { driver.state }

    /// Asks the framework for something, and waits for its answer; throws ``PluginFailure`` with the reason of a failure.
    func request(_ event: @escaping @Sendable (RequestID) -> FrameworkEvent) throws {
        let reply = Reply<RequestOutcome>()
        mailbox.put(.request(event, reply))
        switch reply.wait() {
        case .done: return
        case .noSuchContainer:
            throw PluginFailure(.notFound, "there is no such container", hint: "-1 restarts all containers")
        case .failed(let reason): throw PluginFailure(.failed, reason)
        }
    }

    /// The offers that the framework holds.
    func offers() -> [MesosOffer] {
        let reply = Reply<[MesosOffer]>()
        mailbox.put(.offers(reply))
        return reply.wait()
    }

    /// The names of all agents that the master knows; blocks.
    func agentHosts() throws -> [String] { try AgentHosts.read(driver) }

    /// Ends the thread and the connection; the tasks go on. Calls that wait are still sent, for a moment.
    func leave() {
        leaving.raise()
        mailbox.put(.leave)
        ended.wait()
        driver.close()
    }
}

/// What the loop last published.
final class OverviewBox: Sendable {
    private let mutex = Mutex(FrameworkThread.Overview())

    var value: FrameworkThread.Overview { mutex.withLock { $0 } }

    func publish(_ overview: FrameworkThread.Overview) { mutex.withLock { $0 = overview } }
}

/// Raised once, when the loop shall wait for nothing any more.
final class LeavingFlag: Sendable {
    private let flag = Atomic(false)

    var isRaised: Bool { flag.load(ordering: .acquiring) }

    func raise() { flag.store(true, ordering: .releasing) }
}

extension Host {
    fileprivate func logDriver(_ level: MesosLogLevel, _ line: String) {
        switch level {
        case .debug: log(.debug, line)
        case .info: log(.info, line)
        case .warning: log(.warning, line)
        case .error: log(.error, line)
        }
    }
}
