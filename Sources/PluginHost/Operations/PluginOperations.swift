import PluginABI

/// The operations of one plugin, whose library is loaded in this process. Safe from any task.
public struct PluginOperations: Sendable {
    /// In the plugin's own order.
    public let all: [PluginOperation]
    private let library: PluginLibrary

    /// What the plugin says about itself.
    public var manifest: PluginManifest { library.manifest }

    init(_ library: PluginLibrary) throws {
        self.library = library
        all = try library.operations()
    }

    /// Loads the plugin's library, unless it is loaded, and reads its operations; throws ``PluginError``.
    public static func load(_ manifest: PluginManifest) throws -> PluginOperations {
        CrashGuard.install()
        return try PluginOperations(try PluginLibrary.load(manifest))
    }

    /// The operation with a name; throws ``PluginError`` if there is none.
    public func operation(named name: String) throws -> PluginOperation {
        guard let operation = all.first(where: { $0.name == name }) else {
            let names = all.map(\.name).joined(separator: ", ")
            throw PluginError(
                .badArguments,
                plugin: manifest.name,
                "there is no operation '\(name)'",
                hint: all.isEmpty ? "it has no operations" : "it has: \(names)"
            )
        }
        return operation
    }

    /// Calls an operation that works on a cluster, on a thread of its own; throws ``PluginError``.
    ///
    /// - Parameters:
    ///   - values: one for each parameter, see ``PluginOperation/values(_:plugin:)``.
    ///   - services: what is known of the cluster.
    public func call(
        _ operation: PluginOperation,
        _ values: [OperationValue],
        services: any HostServices
    ) async throws -> OperationResult {
        precondition(operation.target == .cluster)
        let thread = try PluginThread()
        defer { thread.finish() }
        let host = try HostTable(manifest: manifest, services: services, thread: thread)
        return try await thread.run(watch: CallWatch(function: operation.name, host: host)) { [library] in
            try library.acquire()
            defer {
                host.watches.removeAll()
                library.release()
            }
            return try operation.call(host, scheduler: nil, values)
        }
    }
}

extension PluginOperation {
    /// The library's own table.
    package var table: UnsafePointer<heron_operation> { function.table }

    /// Calls the function as it is, on the current thread.
    package func call(
        _ host: UnsafePointer<heron_host>,
        scheduler: UnsafeMutablePointer<heron_scheduler>?,
        _ values: [OperationValue],
        _ result: heron_sink
    ) -> heron_status {
        function.call(host, scheduler, values, result)
    }

    /// Calls the function on the current thread, the plugin's.
    func call(
        _ host: HostTable,
        scheduler: UnsafeMutablePointer<heron_scheduler>?,
        _ values: [OperationValue]
    ) throws -> OperationResult {
        let collector = Collector()
        try host.call(name) {
            (collector.fill { call(host.pointer, scheduler: scheduler, values, $0) }, ())
        }
        do {
            return try OperationResult(collector.items, as: result)
        } catch {
            throw PluginError(.wrongABI, plugin: host.plugin, function: name, error.description)
        }
    }
}

extension SchedulerInstance {
    /// Calls an operation that works beside this scheduler, after ``initialize()``; throws ``PluginError``.
    ///
    /// - Parameter given: the values of parameters by their names, as texts of ``OperationValue/encoded``.
    public func operate(_ name: String, _ given: [String: String]) async throws -> OperationResult {
        let operation = try operations().operation(named: name)
        guard operation.target == .topology else {
            throw PluginError(.badArguments, plugin: manifest.name, function: name, "it works on a cluster")
        }
        let values = try operation.values(decoding: given, plugin: manifest.name)
        return try await operate(operation, values)
    }
}
