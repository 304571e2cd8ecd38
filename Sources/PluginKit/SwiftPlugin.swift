import PluginABI
import Synchronization

/// A plugin written in Swift. Its entry is all that the library has to add:
///
///     private let plugin = SwiftPlugin(
///         name: "mine",
///         version: "1.0",
///         schedulers: ["com.example.MyScheduler": { MyScheduler(host: $0) }]
///     )
///
///     @c @implementation
///     public func heron_plugin_entry(_ hostMajor: UInt32, _ hostMinor: UInt32) -> UnsafePointer<heron_plugin>? {
///         plugin.entry
///     }
///
/// Name, version and classes must be the same as in `plugin.yaml`.
public final class SwiftPlugin: Sendable {
    let schedulers: [String: @Sendable (Host) throws -> any SchedulerPlugin]
    let launchers: [String: @Sendable (Host) throws -> any LauncherPlugin]
    let operations: [Operation]
    private let table: Constant<heron_plugin>

    /// - Parameters:
    ///   - schedulers: what makes a scheduler, by class name. Must not use the host for anything yet but keep it.
    ///   - launchers: what makes a launcher, by class name; likewise.
    ///   - operations: commands of the plugin's own.
    public init(
        name: String,
        version: String,
        schedulers: [String: @Sendable (Host) throws -> any SchedulerPlugin] = [:],
        launchers: [String: @Sendable (Host) throws -> any LauncherPlugin] = [:],
        operations: [Operation] = []
    ) {
        self.schedulers = schedulers
        self.launchers = launchers
        self.operations = operations
        self.table = Constant(
            immortal: heron_plugin(
                size: UInt32(MemoryLayout<heron_plugin>.size),
                abi_major: UInt32(HERON_ABI_MAJOR),
                abi_minor: UInt32(HERON_ABI_MINOR),
                reserved: 0,
                name: immortal(name),
                version: immortal(version),
                init: nil,
                deinit: nil,
                get_factory: { id in id.flatMap { SwiftPlugin.factory(String(cString: $0)) } }
            )
        )
    }

    /// The table for the host: what `heron_plugin_entry` returns.
    public var entry: UnsafePointer<heron_plugin> {
        SwiftPlugin.current.withLock { $0 = self }
        return table.pointer
    }

    /// The plugin of this library: C's factories are told nothing that would lead to it.
    static let current = Mutex<SwiftPlugin?>(nil)

    private static func factory(_ id: String) -> UnsafeRawPointer? {
        guard let plugin = current.withLock({ $0 }) else { return nil }
        switch id {
        case HERON_SCHEDULER_FACTORY where !plugin.schedulers.isEmpty:
            return UnsafeRawPointer(SchedulerObject.factory.pointer)
        case HERON_LAUNCHER_FACTORY where !plugin.launchers.isEmpty:
            return UnsafeRawPointer(LauncherObject.factory.pointer)
        case HERON_OPERATIONS_FACTORY where !plugin.operations.isEmpty:
            return UnsafeRawPointer(SwiftPlugin.operationsFactory.pointer)
        default:
            return nil
        }
    }
}

/// Runs a body of Swift for C: what it throws is reported and becomes a status.
func answering(_ host: Host, _ body: () throws -> Void) -> heron_status {
    do {
        try body()
        return HERON_OK
    } catch let failure as PluginFailure {
        host.report(failure)
        return failure.code.rawValue
    } catch {
        host.report(PluginFailure(.failed, "\(error)"))
        return HERON_FAILED
    }
}
