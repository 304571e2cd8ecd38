import MesosDevAgent
import MesosProtocol

/// What a master wants of an agent. ``DevAgent`` runs processes; tests may do without.
public protocol TaskRunner: Sendable {
    /// Starts a task; what becomes of it comes as messages.
    func launch(framework: MesosFrameworkInfo, task: MesosTaskInfo) async
    func kill(framework: MesosFrameworkID, task: MesosTaskID, policy: MesosKillPolicy?) async
    func acknowledge(framework: MesosFrameworkID, task: MesosTaskID, uuid: [UInt8]) async
    /// Ends a framework's tasks and forgets the framework: nothing is told any more.
    func shutDown(framework: MesosFrameworkID) async
    /// Ends all tasks and forgets all frameworks.
    func abandon() async
    /// Repeats at once what a framework has not acknowledged.
    func resend(framework: MesosFrameworkID) async
}

extension DevAgent: TaskRunner {}
