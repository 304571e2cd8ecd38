import MesosProtocol

/// What a master decides is to be done. Performed in order by whoever owns the ``MasterCore``.
enum MasterAction: Sendable {
    /// Sends an event on a stream; of a stream that has ended, nothing is sent.
    case send(stream: String, MesosEvent)
    /// Ends a stream after all that was sent on it; its connection stays open.
    case end(stream: String)
    /// - record: what the agent tells a new master about the task.
    case launch(agent: String, framework: MesosFrameworkInfo, task: MesosTaskInfo, record: MesosTask)
    case kill(agent: String, framework: String, task: String, policy: MesosKillPolicy?)
    case acknowledge(agent: String, framework: String, task: String, uuid: [UInt8])
    /// Ends all tasks of a framework on an agent, which forgets the framework.
    case shutDown(agent: String, framework: String)
    /// Ends all tasks of an agent, without a word about them.
    case abandon(agent: String)
    /// Has an agent repeat at once what a framework has not acknowledged.
    case resend(agent: String, framework: String)
    /// Something that an operator of the development cluster wants to know.
    case note(String)
}
