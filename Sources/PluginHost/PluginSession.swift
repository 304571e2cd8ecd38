import CPluginHost
import PluginABI
import Synchronization

/// A struct of the ABI that stands for an instance: a scheduler or a launcher.
protocol PluginObject: SendableMetatype {
    static var kind: PluginKind { get }

    /// Calls the instance's `destroy`.
    func end(_ instance: UnsafeMutablePointer<Self>)

    /// Asks the library's factory for an instance of a class; the status and the instance.
    static func make(
        _ library: PluginLibrary,
        _ className: String,
        _ host: UnsafePointer<heron_host>
    ) throws -> (heron_status, UnsafeMutablePointer<Self>?)

    /// The names of the functions that every instance must have and this one lacks.
    var missing: [String] { get }
}

/// The life of one plugin instance, from the loading of its library to `destroy`.
///
/// Every function of the plugin runs on the instance's own thread; callers wait without blocking theirs.
final class PluginSession<Object: PluginObject>: Sendable {
    /// The instance and a copy of its functions; unchecked because it holds C pointers, which are used on the plugin's
    /// thread only.
    private struct Instance: @unchecked Sendable {
        let pointer: UnsafeMutablePointer<Object>
        let functions: Object
        let library: PluginLibrary
    }

    let manifest: PluginManifest
    private let thread: PluginThread
    private let host: HostTable
    private let instance: Mutex<Instance?>

    private init(_ manifest: PluginManifest, _ thread: PluginThread, _ host: HostTable, _ instance: Instance) {
        self.manifest = manifest
        self.thread = thread
        self.host = host
        self.instance = Mutex(instance)
    }

    deinit {
        guard let instance = instance.withLock({ $0 }) else { return }
        thread.post { [host] in PluginSession.end(instance, host) }
        thread.finish()
    }

    /// Loads the plugin's library, unless it is loaded already, and makes an instance of a class.
    static func open(
        _ manifest: PluginManifest,
        className: String,
        services: any HostServices
    ) async throws -> PluginSession {
        heron_crash_guard_install()
        let thread = try PluginThread()
        do {
            let host = try HostTable(manifest: manifest, services: services, thread: thread)
            let instance = try await thread.run { try make(manifest, className, host) }
            return PluginSession(manifest, thread, host, instance)
        } catch {
            thread.finish()
            throw error
        }
    }

    /// Calls a function of the instance on its thread; throws ``PluginError`` if it fails.
    ///
    /// `body` is given the instance and its functions, and returns the function's status with what it brought.
    func call<Value: Sendable>(
        _ function: String,
        _ body: @escaping @Sendable (UnsafeMutablePointer<Object>, Object) -> (heron_status, Value)
    ) async throws -> Value {
        guard let instance = instance.withLock({ $0 }) else { throw closed(function) }
        return try await thread.run { [manifest, host] in
            try PluginSession.guarded(manifest, host, function) { body(instance.pointer, instance.functions) }
        }
    }

    /// Lets the instance close, destroys it and ends its thread. Throws what the plugin's close failed with; everything
    /// is over then, too. Does nothing the second time.
    func close(_ body: @escaping @Sendable (UnsafeMutablePointer<Object>, Object) -> heron_status) async throws {
        let last: Instance? = instance.withLock { instance in
            defer { instance = nil }
            return instance
        }
        guard let last else { return }
        defer { thread.finish() }
        try await thread.run { [manifest, host] in
            defer { PluginSession.end(last, host) }
            try PluginSession.guarded(manifest, host, "close") { (body(last.pointer, last.functions), ()) }
        }
    }

    private func closed(_ function: String) -> PluginError {
        PluginError(.closed, plugin: manifest.name, function: function, "the instance is closed")
    }

    private static func make(_ manifest: PluginManifest, _ className: String, _ host: HostTable) throws -> Instance {
        let library = try PluginLibrary.load(manifest)
        try library.acquire()
        do {
            let made = try guarded(manifest, host, "create") {
                Result { try Object.make(library, className, host.pointer) }.flattenedStatus()
            }.get()
            guard let pointer = made else {
                throw PluginError(.wrongABI, plugin: manifest.name, function: "create", "succeeded without an instance")
            }
            let functions = ABITable.copy(UnsafePointer(pointer))
            guard functions.missing.isEmpty else {
                functions.end(pointer)
                let names = functions.missing.joined(separator: ", ")
                throw PluginError(
                    .wrongABI,
                    plugin: manifest.name,
                    "the \(Object.kind.rawValue) lacks \(names), which ABI \(ABIVersion.host) demands",
                    hint: "rebuild the plugin with this heron's headers"
                )
            }
            return Instance(pointer: pointer, functions: functions, library: library)
        } catch {
            library.release()
            throw error
        }
    }

    /// Destroys an instance; on its thread, as the last call.
    private static func end(_ instance: Instance, _ host: HostTable) {
        host.watches.removeAll()
        inside(host.plugin, "destroy") { instance.functions.end(instance.pointer) }
        instance.library.release()
    }

    /// Calls the plugin; a failure becomes an error with what was reported.
    private static func guarded<Value>(
        _ manifest: PluginManifest,
        _ host: HostTable,
        _ function: String,
        _ body: () -> (heron_status, Value)
    ) throws -> Value {
        host.beginCall()
        let (status, value) = inside(manifest.name, function, body)
        guard status != HERON_OK else { return value }
        let report = host.takeReport()
        let hint: String? = report.flatMap { $0.hint.isEmpty ? nil : $0.hint }
        let message: String = report?.message ?? "failed with status \(status) and gave no reason"
        throw PluginError(.failed(status), plugin: manifest.name, function: function, message, hint: hint)
    }

    /// Lets a crash in the body name the plugin.
    private static func inside<Value>(_ plugin: String, _ function: String, _ body: () -> Value) -> Value {
        plugin.withCString { plugin in
            function.withCString { function in
                heron_crash_guard_enter(plugin, function)
                defer { heron_crash_guard_leave() }
                return body()
            }
        }
    }
}

extension Result where Failure == any Error {
    /// The status of a `create` beside its instance; an error of the host's own passes through as a success of the
    /// call.
    fileprivate func flattenedStatus<Instance>() -> (heron_status, Result<Instance?, any Error>)
    where Success == (heron_status, Instance?) {
        switch self {
        case .success(let (status, instance)): (status, .success(instance))
        case .failure(let error): (HERON_OK, .failure(error))
        }
    }
}
