import PluginABI

/// A Swift scheduler behind the C struct that the host calls.
final class SchedulerObject {
    let host: Host
    let plugin: any SchedulerPlugin
    private let table: UnsafeMutablePointer<heron_scheduler>

    private init(_ host: Host, _ plugin: any SchedulerPlugin) {
        self.host = host
        self.plugin = plugin
        self.table = .allocate(capacity: 1)
    }

    deinit {
        table.deallocate()
    }

    static let factory = Constant(
        immortal: heron_scheduler_factory(
            size: UInt32(MemoryLayout<heron_scheduler_factory>.size),
            reserved: 0,
            classes: { sink in
                SwiftPlugin.current.withLock { $0?.schedulers.keys.sorted() ?? [] }.forEach { sink.put($0) }
            },
            create: { host, className, scheduler in
                guard let host, let scheduler else { return HERON_INVALID_ARGUMENT }
                return SchedulerObject.create(Host(host), className.text, scheduler)
            }
        )
    )

    private static func create(
        _ host: Host,
        _ className: String,
        _ scheduler: UnsafeMutablePointer<UnsafeMutablePointer<heron_scheduler>?>
    ) -> heron_status {
        answering(host) {
            guard let make = SwiftPlugin.current.withLock({ $0?.schedulers[className] }) else {
                throw PluginFailure(.notFound, "there is no scheduler class \(className)")
            }
            scheduler.pointee = SchedulerObject(host, try make(host)).retained()
        }
    }

    /// The filled table, which keeps this object alive until its `destroy` is called.
    private func retained() -> UnsafeMutablePointer<heron_scheduler> {
        table.initialize(
            to: heron_scheduler(
                size: UInt32(MemoryLayout<heron_scheduler>.size),
                reserved: 0,
                data: Unmanaged.passRetained(self).toOpaque(),
                destroy: { table in
                    guard let data = table?.pointee.data else { return }
                    Unmanaged<SchedulerObject>.fromOpaque(data).release()
                },
                initialize: { SchedulerObject.call($0) { try $0.initialize() } },
                on_schedule: { table, plan in SchedulerObject.call(table) { try $0.onSchedule(plan.bytes) } },
                on_kill: { table, request in SchedulerObject.call(table) { try $0.onKill(request.bytes) } },
                on_restart: { table, request in SchedulerObject.call(table) { try $0.onRestart(request.bytes) } },
                on_update: { table, request in SchedulerObject.call(table) { try $0.onUpdate(request.bytes) } },
                get_job_links: { table, sink in
                    SchedulerObject.call(table) { for link in try $0.jobLinks() { sink.put(link) } }
                },
                close: { SchedulerObject.call($0) { try $0.close() } },
                get_extension: { _, id in
                    guard let id, String(cString: id) == HERON_SCHEDULER_STATUS else { return nil }
                    return UnsafeRawPointer(SchedulerObject.status.pointer)
                }
            )
        )
        return table
    }

    private static let status = Constant(
        immortal: heron_scheduler_status(
            size: UInt32(MemoryLayout<heron_scheduler_status>.size),
            reserved: 0,
            get_status: { table, sink in
                SchedulerObject.call(table) { plugin in
                    if let json = try plugin.status() { sink.put(json) }
                }
            }
        )
    )

    /// The object behind the struct that the host passes.
    static func of(_ table: UnsafeMutablePointer<heron_scheduler>?) -> SchedulerObject? {
        guard let data = table?.pointee.data else { return nil }
        return Unmanaged<SchedulerObject>.fromOpaque(data).takeUnretainedValue()
    }

    private static func call(
        _ table: UnsafeMutablePointer<heron_scheduler>?,
        _ body: (any SchedulerPlugin) throws -> Void
    ) -> heron_status {
        guard let object = of(table) else { return HERON_INVALID_ARGUMENT }
        return answering(object.host) { try body(object.plugin) }
    }
}
