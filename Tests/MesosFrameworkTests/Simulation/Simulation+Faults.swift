import MesosFramework
import MesosProtocol

/// What goes wrong, and what must hold all the same.
extension Simulation {
    /// Something bad, now and then, until `isFaulty` is off.
    func plague() {
        after(random.number(200...20_000)) { [self] in
            guard isFaulty else { return }
            misfortune()
            plague()
        }
    }

    private func misfortune() {
        let agent = agents.keys.sorted().randomElement(using: &random) ?? ""
        switch random.number(0...9) {
        case 0, 1: crash()
        case 2: cut()
        case 3: masterGoes()
        case 4, 5: partition(agent)
        case 6: rescindAll()
        case 7: die(agent)
        case 8: loseTask(on: agent)
        default: cut()
        }
    }

    private func masterGoes() {
        guard master.isUp else { return }
        master.isUp = false
        let losing = random.chance(0.3)
        note("master down\(losing ? ", its registry lost" : "")")
        cut()
        after(random.number(100...30_000)) { [self] in
            master.restart(losingRegistry: losing)
            note("master up")
            for id in agents.keys.sorted() {
                agents[id]?.isRegistered = false
                agents[id]?.troubledAt = now
                // A master that has lost its registry has no list of unreachable agents either.
                if losing { agents[id]?.isUnreachable = false }
                guard agents[id]?.isDead == false else {
                    missing(id, losing)
                    continue
                }
                after(random.number(100...40_000)) { [self] in register(id) }
            }
        }
    }

    /// An agent does not come back to a new master: one that it knows of is given up, without a word.
    private func missing(_ id: String, _ hasLostRegistry: Bool) {
        guard !hasLostRegistry else { return }
        after(90_000) { [self] in
            guard agents[id]?.isRegistered == false else { return }
            agents[id]?.isUnreachable = true
            deliverFailure(of: id)
        }
    }

    private func register(_ id: String) {
        guard master.isUp, agents[id]?.isConnected == true, agents[id]?.isRegistered == false else { return }
        agents[id]?.isRegistered = true
        agents[id]?.isUnreachable = false
        agents[id]?.troubledAt = now
        resendUpdates(of: id)
    }

    private func partition(_ id: String) {
        guard agents[id]?.isConnected == true, agents[id]?.isDead == false else { return }
        note("\(id) partitioned")
        agents[id]?.isConnected = false
        agents[id]?.troubledAt = now
        after(20_000) { [self] in unreachable(id) }
        after(random.number(1_000...200_000)) { [self] in heal(id) }
    }

    private func unreachable(_ id: String) {
        guard master.isUp, let agent = agents[id], !agent.isConnected, agent.isRegistered, !agent.isUnreachable else {
            return
        }
        agents[id]?.isUnreachable = true
        note("\(id) unreachable")
        for task in agent.tasks.values.sorted(by: { $0.id < $1.id }) where task.isLive || agent.isDead {
            deliverUpdate(ModelMaster.status(task.id, id, .taskUnreachable, .agentRemoved))
        }
        deliverFailure(of: id)
    }

    func heal(_ id: String) {
        guard let agent = agents[id], !agent.isConnected, !agent.isDead else { return }
        note("\(id) back")
        agents[id]?.isConnected = true
        agents[id]?.troubledAt = now
        let wasUnreachable = agent.isUnreachable
        agents[id]?.isUnreachable = false
        agents[id]?.isRegistered = master.isUp
        guard master.isUp else { return after(1_000) { [self] in register(id) } }
        // What belonged to a framework that was torn down meanwhile is ended.
        if master.tombstones.contains(ledger.framework?.frameworkID ?? "") { agents[id]?.tasks = [:] }
        if wasUnreachable {
            for task in (agents[id]?.tasks ?? [:]).values.sorted(by: { $0.id < $1.id }) where task.isLive {
                deliverUpdate(ModelMaster.status(task.id, id, task.state, .agentReregistered))
            }
        }
        resendUpdates(of: id)
    }

    /// The machine is gone for good; another one takes its place.
    private func die(_ id: String) {
        guard agents[id]?.isDead == false else { return }
        note("\(id) dies")
        for task in (agents[id]?.tasks ?? [:]).keys { agents[id]?.tasks[task]?.state = .taskLost }
        agents[id]?.isDead = true
        agents[id]?.isConnected = false
        agents[id]?.troubledAt = now
        after(20_000) { [self] in unreachable(id) }
        missing(id, master.hasLostRegistry)
        addAgent("\(id)'")
    }

    /// A task vanishes, and its agent says nothing until it is asked.
    private func loseTask(on id: String) {
        guard agents[id]?.isConnected == true,
            let task = agents[id]?.tasks.values.filter(\.isLive).map(\.id).sorted().first
        else { return }
        note("\(task) vanishes")
        agents[id]?.tasks[task] = nil
    }

    // MARK: What must hold

    /// How long after its trouble an agent's tasks may be doubles.
    private static let healing: Moment = 300_000

    /// Never two live tasks of one container, where no partition explains it.
    func checkSingle() {
        var live: [Int32: [String]] = [:]
        for agent in agents.values.sorted(by: { $0.id < $1.id })
        where !agent.isDead && now - agent.troubledAt > Simulation.healing && agent.isConnected {
            for task in agent.tasks.values where task.isLive {
                guard let container = TaskID(task.id, topologyID: settings.topologyID)?.container else { continue }
                live[container, default: []].append(task.id)
            }
        }
        for (container, tasks) in live where tasks.count > 1 {
            report("container \(container) runs twice: \(tasks.sorted())")
        }
    }

    /// Everything that lives on agents that can be talked to.
    var liveTasks: [String] {
        agents.values.filter { !$0.isDead }.flatMap(\.tasks.values).filter(\.isLive).map(\.id).sorted()
    }

    /// No fault happens any more, and what is broken is mended.
    func healEverything() {
        isFaulty = false
        if !master.isUp { run(for: 60_000) }
        for id in agents.keys.sorted() { heal(id) }
    }
}
