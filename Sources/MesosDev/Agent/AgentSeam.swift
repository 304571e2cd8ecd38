import MesosProtocol

/// What an agent tells its master.
public enum AgentMessage: Sendable {
    /// A status update: with a uuid, and to be repeated until ``DevAgent/acknowledge(framework:task:uuid:)``.
    case update(framework: MesosFrameworkID, MesosTaskStatus)
    /// A task's resources are free again: its process is gone, acknowledged or not.
    case finished(framework: MesosFrameworkID, task: MesosTaskID)
}
