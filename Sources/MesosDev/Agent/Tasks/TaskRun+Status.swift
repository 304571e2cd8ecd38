import Glibc
import MesosProtocol

/// What is told of a task.
extension TaskRun {
    /// A state that the task's executor would tell.
    func status(_ state: MesosTaskState, _ message: String?, address: String) -> MesosTaskStatus {
        var status = status(state, from: .executor, message)
        status.containerStatus.containerID.value = sandbox.containerID
        status.containerStatus.networkInfos = [
            .with { network in
                network.ipAddresses = [
                    .with {
                        $0.protocol = .ipv4
                        $0.ipAddress = address
                    }
                ]
            }
        ]
        if let process { status.containerStatus.executorPid = UInt32(process.processID) }
        return status
    }

    /// The end of a task that never had an executor.
    func status(_ failure: LaunchFailure) -> MesosTaskStatus {
        var status = status(failure.state, from: .agent, failure.message)
        status.reason = failure.reason
        return status
    }

    private func status(
        _ state: MesosTaskState,
        from source: MesosTaskStatus.Source,
        _ message: String?
    ) -> MesosTaskStatus {
        var status = MesosTaskStatus()
        status.taskID = task.taskID
        status.state = state
        if let message { status.message = message }
        status.source = source
        status.agentID = task.agentID
        status.executorID.value = task.taskID.value
        status.timestamp = Self.now
        status.uuid.append(contentsOf: RandomID.bytes())
        return status
    }

    /// Seconds of the Unix epoch.
    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
