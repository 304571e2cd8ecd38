import PluginABI

/// A Swift launcher behind the C struct that the host calls.
final class LauncherObject {
    private let host: Host
    private let plugin: any LauncherPlugin
    private let table: UnsafeMutablePointer<heron_launcher>

    private init(_ host: Host, _ plugin: any LauncherPlugin) {
        self.host = host
        self.plugin = plugin
        self.table = .allocate(capacity: 1)
    }

    deinit {
        table.deallocate()
    }

    static let factory = Constant(
        immortal: heron_launcher_factory(
            size: UInt32(MemoryLayout<heron_launcher_factory>.size),
            reserved: 0,
            classes: { sink in
                SwiftPlugin.current.withLock { $0?.launchers.keys.sorted() ?? [] }.forEach { sink.put($0) }
            },
            create: { host, className, launcher in
                guard let host, let launcher else { return HERON_INVALID_ARGUMENT }
                return LauncherObject.create(Host(host), className.text, launcher)
            }
        )
    )

    private static func create(
        _ host: Host,
        _ className: String,
        _ launcher: UnsafeMutablePointer<UnsafeMutablePointer<heron_launcher>?>
    ) -> heron_status {
        answering(host) {
            guard let make = SwiftPlugin.current.withLock({ $0?.launchers[className] }) else {
                throw PluginFailure(.notFound, "there is no launcher class \(className)")
            }
            launcher.pointee = LauncherObject(host, try make(host)).retained()
        }
    }

    /// The filled table, which keeps this object alive until its `destroy` is called.
    private func retained() -> UnsafeMutablePointer<heron_launcher> {
        table.initialize(
            to: heron_launcher(
                size: UInt32(MemoryLayout<heron_launcher>.size),
                reserved: 0,
                data: Unmanaged.passRetained(self).toOpaque(),
                destroy: { table in
                    guard let data = table?.pointee.data else { return }
                    Unmanaged<LauncherObject>.fromOpaque(data).release()
                },
                initialize: { LauncherObject.call($0) { try $0.initialize() } },
                launch: { table, plan in LauncherObject.call(table) { try $0.launch(plan.bytes) } },
                close: { LauncherObject.call($0) { try $0.close() } },
                get_extension: nil
            )
        )
        return table
    }

    private static func call(
        _ table: UnsafeMutablePointer<heron_launcher>?,
        _ body: (any LauncherPlugin) throws -> Void
    ) -> heron_status {
        guard let data = table?.pointee.data else { return HERON_INVALID_ARGUMENT }
        let object = Unmanaged<LauncherObject>.fromOpaque(data).takeUnretainedValue()
        return answering(object.host) { try body(object.plugin) }
    }
}
