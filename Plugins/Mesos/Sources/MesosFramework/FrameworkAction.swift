import MesosProtocol

/// What follows from an event, to be done in order.
///
/// What comes after a ``save(_:)`` relies on it: if it cannot be done yet, nothing after it may be.
public enum FrameworkAction: Sendable, Hashable {
    /// Write these into the ledger, all or none.
    case save(LedgerChanges)
    /// Subscribe, in place of any subscription that there is.
    case subscribe(MesosCall)
    case send(MesosCall)
    /// Send TEARDOWN and say ``FrameworkEvent/tornDown`` once the master has taken it.
    case teardown(MesosCall)
    /// Make tasks of this and send an ACCEPT.
    case launch(LaunchOrder)
    /// Tell the world about a container.
    case report(ContainerSnapshot)
    case answer(RequestID, RequestOutcome)
    case log(LogLevel, String)
    case count(Counter)
    /// Another scheduler decides now: end the service, not the topology.
    case giveUp(reason: String)

    public enum LogLevel: Sendable, Hashable { case debug, info, warning, error }

    /// What is counted.
    public enum Counter: String, Sendable, Hashable {
        case launches = "task_launches_total"
        case failures = "task_failures_total"
        case declined = "offers_declined_total"
        case subscriptions = "subscriptions_total"
    }
}

/// How a request ended.
public enum RequestOutcome: Sendable, Hashable {
    case done
    case noSuchContainer
    /// Why not, in one line.
    case failed(String)
}

/// Ledger nodes to write.
public struct LedgerChanges: Sendable, Hashable {
    /// Nil if it did not change.
    public var framework: LedgerFramework?
    public var containers: [LedgerContainer] = []

    public init(framework: LedgerFramework? = nil, containers: [LedgerContainer] = []) {
        self.framework = framework
        self.containers = containers
    }
}

/// Everything the ledger has.
public struct LedgerContents: Sendable, Hashable {
    public var framework: LedgerFramework?
    public var containers: [LedgerContainer]

    public init(framework: LedgerFramework? = nil, containers: [LedgerContainer] = []) {
        self.framework = framework
        self.containers = containers
    }
}

/// Tasks to start on offers of one agent.
public struct LaunchOrder: Sendable, Hashable {
    public struct Task: Sendable, Hashable {
        public var container: Int32
        public var attempt: UInt32
        public var id: String
        public var resources: [MesosResource]
        public var ports: [UInt16]
    }

    public var framework: MesosFrameworkID
    public var agent: MesosAgentID
    public var hostname: String
    public var offers: [MesosOfferID]
    public var tasks: [Task]
    /// For what is left of the offers, in seconds.
    public var refuseSeconds: Double
}
