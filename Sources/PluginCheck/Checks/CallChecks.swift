import PluginABI
import PluginHost

extension CheckRun {
    /// The life of a topology: launched, scheduled, looked at, taken over by another scheduler, killed.
    func checkLife() throws {
        try withPlugin { table in
            for topology in try CheckTopology.all(self, table) {
                try topology.launch()
                try checkFirstScheduler(topology)
                try checkSecondScheduler(topology)
            }
        }
    }

    private func checkFirstScheduler(_ topology: CheckTopology) throws {
        guard let scheduler = try topology.scheduler() else { return }
        let name = topology.place.topology
        guard scheduler.initialize().isSuccess else { return scheduler.destroy() }
        scheduler.look()
        let isScheduled = scheduler.send("on_schedule", Messages.packingPlan(name)).isSuccess
        scheduler.look()
        scheduler.send("on_restart", Messages.restart(name, 1))
        if isScheduled { restartUnknown(scheduler, name) }
        scheduler.send("on_restart", Messages.restart(name, -1))
        if scheduler.messageFunctions.contains("on_update") { scheduler.send("on_update", Messages.update(name)) }
        scheduler.look()
        scheduler.close()
        scheduler.destroy()
    }

    private func restartUnknown(_ scheduler: Subject, _ name: String) {
        recorder.begin(.unknownContainer)
        let outcome = scheduler.send("on_restart", Messages.restart(name, 99))
        if outcome.status != HERON_NOT_FOUND {
            recorder.note(.unknownContainer, "scheduler.on_restart of container 99 has the status \(outcome.status)")
        }
        recorder.begin(.goodMessages)
    }

    private func checkSecondScheduler(_ topology: CheckTopology) throws {
        guard let scheduler = try topology.scheduler(resumed: true) else { return }
        let name = topology.place.topology
        guard scheduler.initialize().isSuccess else { return scheduler.destroy() }
        let isScheduled = scheduler.send("on_schedule", Messages.packingPlan(name)).isSuccess
        scheduler.look()
        if scheduler.send("on_kill", Messages.kill(name)).isSuccess, isScheduled { checkNoneRuns() }
        scheduler.send("on_kill", Messages.kill(name))
        scheduler.look()
        scheduler.close()
        scheduler.close()
        scheduler.destroy()
    }

    private func checkNoneRuns() {
        let left = Leftovers(marker: "\(CheckProcess.marker)=\(scratch)").processes()
        if let first = left.first {
            recorder.note(
                .endOfContainers,
                "scheduler.on_kill succeeds, but \(left.count) process(es) still run, such as \(first.processID)"
            )
        }
    }

    /// Sends each function bytes that are no message.
    func checkBadMessages() throws {
        try withPlugin { table in
            for topology in try CheckTopology.all(self, table) {
                try sendBad(topology) { try topology.launcher() }
                let other = topology.another()
                try other.launch()
                try sendBad(other) { try other.scheduler() }
            }
        }
    }

    private func sendBad(_ topology: CheckTopology, _ make: () throws -> Subject?) throws {
        guard let subject = try make() else { return }
        guard subject.initialize().isSuccess else { return subject.destroy() }
        let name = topology.place.topology
        var random = SeededRandom(seed: request.seed)
        for function in subject.messageFunctions {
            // A function may wait for something that is not there.
            let end = ContinuousClock.now + .seconds(2)
            for message in Mutation.all(of: Messages.good(function, name), using: &random)
            where ContinuousClock.now < end {
                subject.send(function, message)
            }
        }
        subject.look()
        subject.close()
        subject.destroy()
    }

    /// Calls functions in orders that occur seldom, but may.
    func checkOrder() throws {
        try withPlugin { table in
            for topology in try CheckTopology.all(self, table) {
                for steps in Step.launcherOrders { try perform(steps, topology.another()) { try $0.launcher() } }
                for steps in Step.schedulerOrders {
                    let other = topology.another()
                    if steps.contains(.send("on_schedule")) { try other.launch() }
                    try perform(steps, other) { try $0.scheduler() }
                }
            }
        }
    }

    private func perform(
        _ steps: [Step],
        _ topology: CheckTopology,
        _ make: (CheckTopology) throws -> Subject?
    ) throws {
        guard let subject = try make(topology) else { return }
        for step in steps {
            switch step {
            case .initialize: subject.initialize()
            case .send(let function): subject.send(function, Messages.good(function, topology.place.topology))
            case .look: subject.look()
            case .close: subject.close()
            }
        }
        subject.destroy()
    }
}

/// One call of an instance.
private enum Step: Hashable {
    case initialize
    case send(String)
    case look
    case close

    static let launcherOrders: [[Step]] = [
        [], [.initialize], [.initialize, .close, .close], [.initialize, .send("launch"), .send("launch"), .close],
    ]

    static let schedulerOrders: [[Step]] = [
        [], [.initialize], [.initialize, .close, .close],
        [.initialize, .send("on_kill"), .send("on_kill"), .look, .close],
        [
            .initialize, .send("on_restart"), .look, .send("on_schedule"), .send("on_schedule"), .send("on_kill"),
            .send("on_restart"), .look, .close,
        ],
        [.initialize, .send("on_schedule")],
    ]
}
