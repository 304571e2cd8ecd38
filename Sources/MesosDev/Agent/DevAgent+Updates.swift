import MesosProtocol

/// What is told of tasks: one update at a time of each, again and again until it is acknowledged.
extension DevAgent {
    /// Tells a state that a task's executor would tell.
    func tell(_ id: String, _ state: MesosTaskState, _ message: String? = nil) {
        guard let run = runs[id] else { return }
        tell(run, run.status(state, message, address: settings.address))
    }

    func tell(_ run: TaskRun, _ status: MesosTaskStatus) {
        guard isTold(run) else { return }
        log.debug("task \(run.key.task): \(status.state) \(status.message)")
        if runs[run.id]?.updates.append(status) == true { send(run.id) }
    }

    /// Sends the oldest update of a task now, and from then on after each pause.
    func send(_ id: String) {
        guard let run = runs[id], let update = run.updates.head else { return }
        run.retries?.cancel()
        let message = AgentMessage.update(framework: run.framework.id, update)
        deliver(message)
        runs[id]?.retries = Task {
            var pause = settings.updateRetry
            while true {
                try? await Task.sleep(for: pause)
                // Here, in the agent's turn, it cannot come after the update that follows it.
                if Task.isCancelled { return }
                deliver(message)
                pause = min(pause * 2, settings.longestUpdateRetry)
            }
        }
    }

    func isTold(_ run: TaskRun) -> Bool { told[run.key] == run.id }

    /// From now on nothing is told of a task; what is not started yet does not start.
    func fallSilent(_ run: TaskRun) {
        if isTold(run) { told[run.key] = nil }
        run.retries?.cancel()
        if run.process == nil { run.life?.cancel() }
        if run.hasEnded { runs[run.id] = nil }
    }

    /// A task's last update has arrived.
    func forget(_ run: TaskRun) {
        runs[run.id] = nil
        told[run.key] = nil
    }
}
