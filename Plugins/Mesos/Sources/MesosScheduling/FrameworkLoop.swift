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
    /// What waits for the state: actions, a save first, and messages that came since, with the time.
    private var unfinished: [FrameworkAction] = []
    private var held: [(message: FrameworkThread.Message, moment: Moment)] = []
    /// Whether the log has it that the ledger cannot be written.
    private var isTold = false
    /// Another scheduler has the ledger.
    private var isSuperseded = false

    /// The pause before what could not be written is written again.
    private static let savePause = Duration.milliseconds(500)

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
            let deadline = isStalled ? .now + FrameworkLoop.savePause : framework.deadline.map(clock.instant)
            held += mailbox.take(until: deadline).map { ($0, clock.now) }
            if isStalled { finish() }
            if isStalled { refuse() } else { handleMessages() }
        }
        for reply in replies.values { reply.give(.failed("the scheduler is being stopped")) }
        for message in held.map(\.message) + mailbox.take(until: .now) {
            if case .request(_, let reply) = message { reply.give(.failed("the scheduler is being stopped")) }
            if case .offers(let reply) = message { reply.give([]) }
        }
    }

    private var isStalled: Bool { !unfinished.isEmpty }

    /// Messages count from when they came: what was heard in time does not become late by a wait.
    private mutating func handleMessages() {
        let messages = held
        held = []
        for (index, (message, moment)) in messages.enumerated() where !leaving.isRaised {
            handle(message, at: moment)
            if isStalled {
                held = Array(messages[(index + 1)...])
                return
            }
        }
        if messages.isEmpty { take(.timePassed, at: clock.now) }
    }

    /// Goes on with what waits for the state.
    private mutating func finish() {
        guard !isSuperseded else { return }
        let actions = unfinished
        unfinished = []
        perform(actions)
        guard !isStalled else { return }
        host.log(.info, "the ledger is written again")
        publish()
    }

    /// Keeps nobody waiting for the state: neither other frameworks for offers, nor users for answers.
    private mutating func refuse() {
        var others: [(message: FrameworkThread.Message, moment: Moment)] = []
        for (message, moment) in held {
            switch message {
            case .driver(.event(let event)) where event.type == .offers:
                // Those of a subscription that the framework has not been told of stay.
                if let call = framework.refusal(of: event.offers.offers.map(\.id)) {
                    driver.send(call)
                } else {
                    others.append((message, moment))
                }
            case .request(_, let reply):
                reply.give(.failed("the state cannot be written, so nothing can be changed; try again when it can"))
            default: others.append((message, moment))
            }
        }
        held = others
    }

    private mutating func handle(_ message: FrameworkThread.Message, at moment: Moment) {
        switch message {
        case .event(let event): take(event, at: moment)
        case .driver(let event): take(frameworkEvent(event), at: moment)
        case .tail(let tail, let container):
            guard tails.keep(tail, of: container) else { return }
            framework.snapshots.first { $0.container == container }.map { report($0) }
        case .request(let event, let reply):
            lastRequest += 1
            let id = RequestID(lastRequest)
            replies[id] = reply
            take(event(id), at: moment)
        case .offers(let reply): reply.give(framework.offers)
        case .leave: break
        }
    }

    private func frameworkEvent(_ event: DriverEvent) -> FrameworkEvent {
        switch event {
        case .subscribed(let subscribed): .subscribed(subscribed, master: driver.master?.url ?? "")
        case .event(let event): .received(event)
        case .disconnected(let reason): .disconnected(reason: reason)
        case .refused(let message): .refused(message: message)
        case .denied(let reason): .denied(reason: reason)
        case .callRejected(let call, let status, let message):
            .callRejected(call, status: status, message: message)
        }
    }

    private mutating func take(_ event: FrameworkEvent, at moment: Moment) {
        perform(framework.handle(event, at: moment))
        publish()
    }

    /// Stops where the state cannot be written: what follows must not be done before.
    private mutating func perform(_ actions: [FrameworkAction]) {
        for (index, action) in actions.enumerated() {
            if case .save(let changes) = action, !save(changes) {
                unfinished = Array(actions[index...])
                return
            }
            perform(action)
        }
    }

    private mutating func perform(_ action: FrameworkAction) {
        switch action {
        // Done before.
        case .save: break
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
    }

    /// False if it could not be written.
    private mutating func save(_ changes: LedgerChanges) -> Bool {
        do {
            try ledger.save(changes)
            isTold = false
            return true
        } catch is Ledger.Lost {
            isSuperseded = true
            host.requestShutdown(
                failed: true,
                reason: "another scheduler has taken the topology over, or it was removed"
            )
        } catch {
            if !isTold { host.log(.error, "the ledger cannot be written, so nothing is done until it is: \(error)") }
            isTold = true
        }
        framework.releaseOffers().map { driver.send($0) }
        return false
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
                isBeingKilled: framework.isBeingKilled
            )
        )
    }
}
