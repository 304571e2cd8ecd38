/// A scheduler: places the containers of one topology and keeps them running.
///
/// All functions are called on one thread that belongs to this object, one after the other; they may block. What they
/// throw reaches the user: as it is if it is a ``PluginFailure``, else by its description. Messages are Heron's
/// protobuf messages as bytes. What must be true of each function is said in `heron/scheduler.h`.
public protocol SchedulerPlugin: AnyObject {
    /// Reads the configuration and gets ready. The first call.
    func initialize() throws

    /// Starts, or takes over, container 0 and the containers of a `heron.proto.system.PackingPlan`.
    func onSchedule(_ packingPlan: [UInt8]) throws

    /// Ends every container for good (`heron.proto.scheduler.KillTopologyRequest`).
    func onKill(_ request: [UInt8]) throws

    /// Restarts one container or all (`heron.proto.scheduler.RestartTopologyRequest`).
    func onRestart(_ request: [UInt8]) throws

    /// Goes from one packing plan to another (`heron.proto.scheduler.UpdateTopologyRequest`).
    func onUpdate(_ request: [UInt8]) throws

    /// Links to pages about the running topology.
    func jobLinks() throws -> [String]

    /// What the scheduler is doing, as a JSON object; nil if there is nothing to tell.
    func status() throws -> String?

    /// Stops scheduling; what runs goes on running. May come again.
    func close() throws
}

extension SchedulerPlugin {
    public func onUpdate(_ request: [UInt8]) throws {
        throw PluginFailure(.unsupported, "this scheduler cannot change a running topology")
    }

    public func jobLinks() throws -> [String] { [] }

    public func status() throws -> String? { nil }
}

/// A launcher: brings a submitted topology to the place where its scheduler runs.
///
/// Called as a ``SchedulerPlugin`` is. What must be true of each function is said in `heron/launcher.h`.
public protocol LauncherPlugin: AnyObject {
    /// Reads the configuration and gets ready. The first call.
    func initialize() throws

    /// Prepares what the scheduler needs and gets it going. Undoes what it did if it fails.
    func launch(_ packingPlan: [UInt8]) throws

    /// Ends the work; what was launched goes on. May come again.
    func close() throws
}
