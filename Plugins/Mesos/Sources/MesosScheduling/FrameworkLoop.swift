import Dispatch
import Glibc
import MesosAPI
import MesosFramework
import PluginKit
import PluginSupport

/// What the framework's thread does: performs the actions of the state machine, in order. Used on that thread only.
struct FrameworkLoop {
    private var framework: Framework
    private var ledger: Ledger
    /// Nil where nothing may be launched: in a command that only ends a topology.
    private let builder: TaskBuilder?
    private let driver: MesosDriver
    private let host: Host
    private let mailbox: Mailbox<FrameworkThread.Message>
    private let overviewBox: OverviewBox
    private let leaving: LeavingFlag
    private let clock = FrameworkClock()
    private var tails: SandboxTails
    private var replies: [RequestID: Reply<RequestOutcome>] = [:]
    private var lastRequest: UInt64 = 0

    /// The pause before what could not be written is written again.
    private static let savePause: UInt32 = 500_000

    init(
        framework: Framework,
        ledger: Ledger,
        builder: TaskBuilder?,
        driver: MesosDriver,
        host: Host,
        mailbox: Mailbox<FrameworkThread.Message>,
        overviewBox: OverviewBox,
        leaving: LeavingFlag
    ) {
        self.framework = framework
        self.ledger = ledger
        self.builder = builder
        self.driver = driver
        self.host = host
        self.mailbox = mailbox
        self.overviewBox = overviewBox
        self.leaving = leaving
        tails = SandboxTails(driver) { mailbox.put(.tail($1, container: $0)) }
    }

    mutating func run() {
        publish()
        while !leaving.isRaised {
            let deadline = framework.deadline.map(clock.instant)
            let messages = mailbox.take(until: deadline)
            for message in messages where !leaving.isRaised { handle(message) }
            if messages.isEmpty { take(.timePassed) }
        }
        for reply in replies.values { reply.give(.failed("the scheduler is being stopped")) }
        for case .request(_, let reply) in mailbox.take(until: .now) {
            reply.give(.failed("the scheduler is being stopped"))
        }
    }

    private mutating func handle(_ message: FrameworkThread.Message) {
        switch message {
        case .event(let event): take(event)
        case .driver(let event): handle(event)
        case .tail(let tail, let container):
            guard tails.keep(tail, of: container) else { return }
            framework.snapshots.first { $0.container == container }.map { report($0) }
        case .request(let event, let reply):
            lastRequest += 1
            let id = RequestID(lastRequest)
            replies[id] = reply
            take(event(id))
        case .leave: break
        }
    }

    private mutating func handle(_ event: DriverEvent) {
        switch event {
        case .subscribed(let subscribed): take(.subscribed(subscribed, master: driver.master?.url ?? ""))
        case .event(let event): take(.received(event))
        case .disconnected(let reason): take(.disconnected(reason: reason))
        case .refused(let message): take(.refused(message: message))
        case .denied(let reason): take(.denied(reason: reason))
        case .callRejected(let call, let status, let message):
            take(.callRejected(call, status: status, message: message))
        }
    }

    private mutating func take(_ event: FrameworkEvent) {
        for action in framework.handle(event, at: clock.now) {
            guard perform(action) else { break }
        }
        publish()
    }

    /// False if the loop is to end before the action was done.
    private mutating func perform(_ action: FrameworkAction) -> Bool {
        switch action {
        case .save(let changes): return save(changes)
        case .subscribe(let call): driver.subscribe(call)
        case .send(let call): driver.send(call)
        case .teardown(let call):
            driver.send(call) { [mailbox] outcome in
                if outcome == .accepted { mailbox.put(.event(.tornDown)) }
            }
        case .launch(let order): launch(order)
        case .report(let snapshot): report(snapshot)
        case .answer(let id, let outcome): replies.removeValue(forKey: id)?.give(outcome)
        case .log(let level, let line): log(level, line)
        // A figure that cannot be counted is no reason to fail.
        case .count(let counter): try? host.addToCounter(counter.rawValue, 1)
        case .giveUp(let reason): host.requestShutdown(failed: true, reason: reason)
        }
        return true
    }

    /// Waits for as long as the state is away: what follows must not be done before.
    private mutating func save(_ changes: LedgerChanges) -> Bool {
        var isTold = false
        while true {
            do {
                try ledger.save(changes)
                if isTold { host.log(.info, "the ledger is written again") }
                return true
            } catch {
                if !isTold {
                    host.log(.error, "the ledger cannot be written, so nothing is done until it is: \(error)")
                }
                isTold = true
            }
            if leaving.isRaised { return false }
            usleep(FrameworkLoop.savePause)
        }
    }

    private func launch(_ order: LaunchOrder) {
        do {
            guard let builder else { throw PluginFailure(.unsupported, "this command starts no tasks") }
            driver.send(try builder.accept(order))
        } catch {
            mailbox.put(.event(.launchFailed(order, reason: "\(error)")))
        }
    }

    private mutating func report(_ snapshot: ContainerSnapshot) {
        do {
            let tail = tails.tail(of: snapshot, framework)
            try host.report(ContainerReports.report(snapshot, framework, tail))
        } catch {
            host.log(.warning, "container \(snapshot.container) could not be reported: \(error)")
        }
    }

    private func log(_ level: FrameworkAction.LogLevel, _ line: String) {
        switch level {
        case .debug: host.log(.debug, line)
        case .info: host.log(.info, line)
        case .warning: host.log(.warning, line)
        case .error: host.log(.error, line)
        }
    }

    private func publish() {
        overviewBox.publish(
            FrameworkThread.Overview(
                frameworkID: framework.frameworkID,
                master: framework.master,
                phase: framework.phase,
                reason: framework.reason,
                isBeingKilled: framework.isBeingKilled,
                containers: framework.snapshots
            )
        )
    }
}
