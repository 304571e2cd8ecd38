import PluginABI
import PluginHost

/// A factory of the plugin, of either kind.
struct Factory {
    typealias Create = (
        UnsafePointer<heron_host>, heron_string, inout UnsafeMutableRawPointer?
    ) -> heron_status

    let kind: PluginKind
    /// Puts the names of all classes.
    let classes: @convention(c) (heron_sink) -> Void
    let create: Create

    /// The factory of a kind; throws ``Broken`` if the library has none, or its table cannot be right.
    init(_ kind: PluginKind, _ table: PluginTable, _ recorder: Recorder) throws {
        recorder.begin(.getFactory)
        let found = kind.factoryID.withCString { id in
            recorder.calling("get_factory") { table.functions.get_factory?(id) }
        }
        guard let found else { throw Broken(.getFactory, "get_factory has no \(kind.factoryID)") }
        self.kind = kind
        recorder.begin(.factoryTables)
        switch kind {
        case .scheduler: (classes, create) = try Factory.scheduler(found, table, recorder)
        case .launcher: (classes, create) = try Factory.launcher(found, table, recorder)
        }
    }

    private static func scheduler(
        _ pointer: UnsafeRawPointer,
        _ table: PluginTable,
        _ recorder: Recorder
    ) throws -> (@convention(c) (heron_sink) -> Void, Create) {
        let factory = recorder.calling("heron_scheduler_factory") {
            ABITable.copy(pointer.assumingMemoryBound(to: heron_scheduler_factory.self))
        }
        try TableSize(table.abi).check(
            factory.size,
            heron_scheduler_factory.self,
            least: \.create,
            .factoryTables,
            "heron_scheduler_factory"
        )
        guard let classes = factory.classes, let create = factory.create else {
            throw Broken(.factoryTables, "heron_scheduler_factory lacks classes or create")
        }
        return (
            classes,
            { host, name, made in
                var scheduler: UnsafeMutablePointer<heron_scheduler>?
                defer { made = UnsafeMutableRawPointer(scheduler) }
                return create(host, name, &scheduler)
            }
        )
    }

    private static func launcher(
        _ pointer: UnsafeRawPointer,
        _ table: PluginTable,
        _ recorder: Recorder
    ) throws -> (@convention(c) (heron_sink) -> Void, Create) {
        let factory = recorder.calling("heron_launcher_factory") {
            ABITable.copy(pointer.assumingMemoryBound(to: heron_launcher_factory.self))
        }
        try TableSize(table.abi).check(
            factory.size,
            heron_launcher_factory.self,
            least: \.create,
            .factoryTables,
            "heron_launcher_factory"
        )
        guard let classes = factory.classes, let create = factory.create else {
            throw Broken(.factoryTables, "heron_launcher_factory lacks classes or create")
        }
        return (
            classes,
            { host, name, made in
                var launcher: UnsafeMutablePointer<heron_launcher>?
                defer { made = UnsafeMutableRawPointer(launcher) }
                return create(host, name, &launcher)
            }
        )
    }
}
