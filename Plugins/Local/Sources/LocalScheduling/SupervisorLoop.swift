import Glibc
import PluginKit
import PluginSupport
import Processes

/// What the supervisor's thread does: performs the actions of the containers' state machines. Used on that thread only.
struct SupervisorLoop {
    private struct Container {
        var machine: ContainerMachine
        var ports: PortReservation?
        var process: ProcessIdentity?
        /// Whether a predecessor started it: it is no child, so that its end has to be looked for.
        var isAdopted = false
    }

    let host: Host
    let settings: LocalSettings
    let directory: String
    let mailbox: Mailbox<Supervisor.Message>
    let portKeeper: PortKeeper
    let publish: ([ContainerReport]) -> Void
    private var containers: [Int32: Container] = [:]
    private var reports: [Int32: ContainerReport] = [:]
    private var records = RunRecords([])
    private var stopReplies: [Reply<[String]>] = []
    private var restarts: [(containers: [Int32], reply: Reply<Supervisor.RestartOutcome>)] = []
    private let machineName = ContainerReport.nameOfMachine()
    private let environment = ChildProcess.currentEnvironment()
    private let census: ProcessCensus
    /// Containers that changed and have not been told about.
    private var changed: Set<Int32> = []
    private var lastTold = ContinuousClock.now

    /// How often processes that are not children are looked at.
    private static let adoptedInterval = Duration.milliseconds(500)
    /// How long many changes at once may go on before the world hears of the first.
    private static let tellInterval = Duration.milliseconds(100)

    init(
        host: Host,
        settings: LocalSettings,
        directory: String,
        mailbox: Mailbox<Supervisor.Message>,
        portKeeper: PortKeeper,
        publish: @escaping ([ContainerReport]) -> Void
    ) {
        self.host = host
        self.settings = settings
        self.directory = directory
        self.mailbox = mailbox
        self.portKeeper = portKeeper
        self.publish = publish
        census = ProcessCensus(directory: directory)
    }

    mutating func run() {
        while true {
            for message in mailbox.take(until: deadline) {
                if case .leave(let reply) = message {
                    containers = [:]
                    portKeeper.leave()
                    reply.give(())
                    return
                }
                handle(message)
            }
            lookAtAdopted()
            for id in containers.keys.sorted() { update(id) { $0.timePassed(at: .now) } }
            tellChanges()
            answerStops()
            answerRestarts()
        }
    }

    private var deadline: ContinuousClock.Instant? {
        var deadlines = containers.values.compactMap(\.machine.deadline)
        let watchesAdopted = containers.values.contains { container in
            if case .running = container.machine.phase { container.isAdopted } else { false }
        }
        if watchesAdopted { deadlines.append(.now + SupervisorLoop.adoptedInterval) }
        return deadlines.min()
    }

    private mutating func handle(_ message: Supervisor.Message) {
        switch message {
        case .take(let assignments, let reply):
            for assignment in assignments { take(assignment) }
            tellChanges()
            reply.give(assignments.compactMap { failure(of: $0.container) })
        case .restart(let id, let reply):
            let wanted = id == -1 ? containers.keys.sorted() : [id]
            for id in wanted { update(id) { $0.restart() } }
            restarts.append((wanted, reply))
        case .stop(let reply):
            stopReplies.append(reply)
            for id in containers.keys.sorted() { update(id) { $0.stop() } }
        case .exited(let id, let attempt, let reason):
            update(id) { $0.exited(attempt: attempt, reason, at: .now) }
        case .ended(let id, let survivors):
            update(id) { $0.ended(survivors: survivors, at: .now) }
            if !survivors.isEmpty { giveUpStops(id) }
        case .leave:
            break
        }
    }

    private mutating func take(_ assignment: Supervisor.Assignment) {
        if let record = assignment.running {
            var container = Container(
                machine: ContainerMachine(adopting: record.attempt, backOff: settings.backOff, at: .now)
            )
            container.process = record.process
            container.ports = portKeeper.retake(record.ports)
            container.isAdopted = true
            containers[assignment.container] = container
            update(assignment.container) { _ in [] }
        } else {
            containers[assignment.container] = Container(
                machine: ContainerMachine(attempt: assignment.attempt, backOff: settings.backOff)
            )
            update(assignment.container) { _ in [.start] }
        }
    }

    /// Lets an event change a container, does what follows from it, and tells the world.
    private mutating func update(
        _ id: Int32,
        _ event: (inout ContainerMachine) -> [ContainerMachine.Action]
    ) {
        guard var machine = containers[id]?.machine else { return }
        let actions = event(&machine)
        containers[id]?.machine = machine
        for action in actions {
            switch action {
            case .start: start(id)
            case .end: end(id)
            }
        }
        if machine.phase == .stopped {
            containers[id]?.process = nil
            containers[id]?.ports = nil
        }
        changed.insert(id)
        if .now - lastTold > SupervisorLoop.tellInterval { tellChanges() }
    }

    private mutating func start(_ id: Int32) {
        guard let machine = containers[id]?.machine else { return }
        do {
            let ports = try portKeeper.reserve()
            let command = try host.executorCommand(container: id, ports: ports.ports)
            guard let program = command.first else { throw PluginFailure(.failed, "the executor's command is empty") }
            var environment = environment
            environment[ContainerProcesses.variable] = ContainerProcesses.marker(id, directory)
            let outputFile = "heron-executor-\(id).stderr"
            let output = ChildOutput.file(outputFile)
            let lastWords = LastWords(path: "\(directory)/\(outputFile)")
            let child = try ChildProcess.spawn(
                executable: program,
                arguments: Array(command.dropFirst()),
                environment: environment,
                workingDirectory: directory,
                newSession: true,
                stdout: output,
                stderr: output
            )
            containers[id]?.ports = ports
            containers[id]?.process = child.identity
            containers[id]?.isAdopted = false
            containers[id]?.machine.started(at: .now)
            // A figure that cannot be counted is no reason to fail.
            if machine.attempt > 1 { try? host.addToCounter("container_restarts_total", 1) }
            Task { [mailbox] in
                let status = await child.wait()
                let words = lastWords.line.map { ": \($0)" } ?? ""
                mailbox.put(.exited(id, attempt: machine.attempt, "heron-executor \(status)\(words)"))
            }
        } catch {
            containers[id]?.machine.startFailed("\(error)", at: .now)
        }
    }

    private func end(_ id: Int32) {
        guard let process = containers[id]?.process else {
            mailbox.put(.ended(id, survivors: []))
            return
        }
        let processes = ContainerProcesses(census: census, container: id, executor: process)
        Task { [mailbox, grace = settings.killGrace] in
            mailbox.put(.ended(id, survivors: await processes.end(grace: grace)))
        }
    }

    private mutating func lookAtAdopted() {
        for (id, container) in containers where container.isAdopted && container.process?.isAlive == false {
            update(id) { $0.exited(attempt: container.machine.attempt, "heron-executor ended", at: .now) }
        }
    }

    private mutating func answerStops() {
        guard !stopReplies.isEmpty, containers.values.allSatisfy({ $0.machine.phase == .stopped }) else { return }
        for reply in stopReplies { reply.give([]) }
        stopReplies = []
    }

    /// Answers those whose containers have all been started again, or cannot be.
    private mutating func answerRestarts() {
        let waiting = restarts
        restarts = []
        for restart in waiting {
            if restart.containers.contains(where: { containers[$0]?.machine.isRestarting == true }) {
                restarts.append(restart)
            } else {
                restart.reply.give(outcome(of: restart.containers))
            }
        }
    }

    private func outcome(of restarted: [Int32]) -> Supervisor.RestartOutcome {
        var failures: [String] = []
        for id in restarted {
            guard let machine = containers[id]?.machine else { return .noSuchContainer }
            // A kill may have come in between, or the executor may not start.
            if case .running = machine.phase { continue }
            failures.append("container \(id): \(machine.reason)")
        }
        return failures.isEmpty ? .running : .failed(failures)
    }

    /// Answers those who wait for the end of all containers that one cannot be ended for now.
    private mutating func giveUpStops(_ id: Int32) {
        let reason = containers[id]?.machine.reason ?? ""
        for reply in stopReplies { reply.give(["container \(id): \(reason)"]) }
        stopReplies = []
    }

    /// Why a container could not be started.
    private func failure(of id: Int32) -> String? {
        guard let machine = containers[id]?.machine, case .backingOff = machine.phase else { return nil }
        return "container \(id): \(machine.reason)"
    }
}

extension SupervisorLoop {
    /// Publishes what changed, and writes down what runs.
    private mutating func tellChanges() {
        lastTold = .now
        var told: [ContainerReport] = []
        for id in changed.sorted() {
            guard let container = containers[id] else { continue }
            let report = ContainerReport(
                container: id,
                machine: container.machine,
                process: container.process,
                ports: container.ports?.ports,
                host: machineName
            )
            guard reports[id] != report else { continue }
            reports[id] = report
            told.append(report)
        }
        changed = []
        guard !told.isEmpty else { return }
        publish(reports.keys.sorted().compactMap { reports[$0] })
        save()
        for report in told { tell(report) }
    }

    private func tell(_ report: ContainerReport) {
        do {
            try host.report(report)
        } catch {
            host.log(.warning, "container \(report.container) could not be reported: \(error)")
        }
    }

    private mutating func save() {
        let now = RunRecords(
            containers.compactMap { id, container in
                container.process.map {
                    RunRecord(
                        container: id,
                        attempt: container.machine.attempt,
                        process: $0,
                        ports: container.ports?.ports ?? []
                    )
                }
            }.sorted { $0.container < $1.container }
        )
        guard now != records else { return }
        records = now
        do {
            try now.save(directory: directory)
        } catch {
            host.log(.error, "a restarted scheduler will not know what runs: \(error)")
        }
    }
}
