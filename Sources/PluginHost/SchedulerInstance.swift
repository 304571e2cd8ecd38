import PluginABI

/// One scheduler of a plugin, for one topology.
///
/// Calls from any task are made one after the other on the instance's own thread. Each throws ``PluginError``.
public final class SchedulerInstance: Sendable {
    let session: PluginSession<heron_scheduler>

    /// What the plugin says about itself.
    public var manifest: PluginManifest { session.manifest }

    private init(_ session: PluginSession<heron_scheduler>) {
        self.session = session
    }

    /// Loads the plugin, if need be, and makes a scheduler of a class.
    public static func create(
        manifest: PluginManifest,
        className: String,
        services: any HostServices
    ) async throws -> SchedulerInstance {
        SchedulerInstance(try await PluginSession.open(manifest, className: className, services: services))
    }

    /// Lets the scheduler read its configuration. The first call.
    public func initialize() async throws {
        try await session.call("initialize") { scheduler, functions in
            (functions.initialize?(scheduler) ?? HERON_UNSUPPORTED, ())
        }
    }

    /// Starts, or takes over, the containers of a packing plan (`heron.proto.system.PackingPlan`).
    public func onSchedule(_ packingPlan: [UInt8]) async throws {
        try await call("on_schedule", packingPlan) { $0.on_schedule }
    }

    /// Ends all containers (`heron.proto.scheduler.KillTopologyRequest`); also without ``onSchedule(_:)`` before.
    public func onKill(_ request: [UInt8]) async throws {
        try await call("on_kill", request) { $0.on_kill }
    }

    /// Restarts one container or all (`heron.proto.scheduler.RestartTopologyRequest`).
    public func onRestart(_ request: [UInt8]) async throws {
        try await call("on_restart", request) { $0.on_restart }
    }

    /// Goes from one packing plan to another (`heron.proto.scheduler.UpdateTopologyRequest`).
    public func onUpdate(_ request: [UInt8]) async throws {
        try await call("on_update", request) { $0.on_update }
    }

    /// Links to pages about the running topology; empty if there are none.
    public func jobLinks() async throws -> [String] {
        try await session.call("get_job_links") { scheduler, functions in
            guard let function = functions.get_job_links else { return (HERON_OK, []) }
            let links = Collector()
            let status = links.fill { function(scheduler, $0) }
            return (status, links.texts)
        }
    }

    /// What the scheduler is doing, as a JSON object; nil if it cannot tell.
    public func status() async throws -> String? {
        try await session.call("get_status") { scheduler, functions in
            guard let table = functions.get_extension?(scheduler, HERON_SCHEDULER_STATUS) else {
                return (HERON_OK, nil)
            }
            let copy = ABITable.copy(table.assumingMemoryBound(to: heron_scheduler_status.self))
            guard let function = copy.get_status else { return (HERON_OK, nil) }
            let json = Collector()
            let status = json.fill { function(scheduler, $0) }
            return (status, json.texts.first)
        }
    }

    /// The operations of the plugin.
    func operations() throws -> PluginOperations { try session.operations() }

    /// Calls an operation that works on a topology.
    func operate(_ operation: PluginOperation, _ values: [OperationValue]) async throws -> OperationResult {
        try await session.run(operation.name) { host, scheduler in
            try operation.call(host, scheduler: scheduler, values)
        }
    }

    /// Stops scheduling and frees the instance; what runs goes on running. May be called again.
    public func close() async throws {
        try await session.close { scheduler, functions in functions.close?(scheduler) ?? HERON_OK }
    }

    private typealias Function = @convention(c) (UnsafeMutablePointer<heron_scheduler>?, heron_bytes) -> heron_status

    private func call(
        _ name: String,
        _ message: [UInt8],
        _ member: @escaping @Sendable (heron_scheduler) -> Function?
    ) async throws {
        try await session.call(name) { scheduler, functions in
            guard let function = member(functions) else { return (HERON_UNSUPPORTED, ()) }
            return (message.lent { function(scheduler, $0) }, ())
        }
    }
}

extension heron_scheduler: PluginObject {
    static let kind = PluginKind.scheduler

    static func make(
        _ library: PluginLibrary,
        _ className: String,
        _ host: UnsafePointer<heron_host>
    ) throws -> (heron_status, UnsafeMutablePointer<heron_scheduler>?) {
        let (factory, name) = try library.factory(kind, className, as: heron_scheduler_factory.self) { $0.classes }
        var scheduler: UnsafeMutablePointer<heron_scheduler>?
        let status = name.lent { factory.create?(host, $0, &scheduler) ?? HERON_UNSUPPORTED }
        return (status, scheduler)
    }

    func end(_ instance: UnsafeMutablePointer<heron_scheduler>) {
        destroy?(instance)
    }

    var missing: [String] {
        let members: [(String, Bool)] = [
            ("destroy", destroy == nil), ("initialize", initialize == nil), ("on_schedule", on_schedule == nil),
            ("on_kill", on_kill == nil), ("on_restart", on_restart == nil),
        ]
        return members.filter(\.1).map(\.0)
    }
}
