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
    let host: HostTable
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
        CrashGuard.install()
        let thread = try PluginThread()
        do {
            let host = try HostTable(manifest: manifest, services: services, thread: thread)
            let instance = try await thread.run(watch: CallWatch(function: "create", host: host)) {
                try make(manifest, className, host)
            }
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
        return try await run(function) { host, pointer in
            try host.call(function) { body(pointer, instance.functions) }
        }
    }

    /// The operations of the instance's library.
    func operations() throws -> PluginOperations {
        guard let instance = instance.withLock({ $0 }) else { throw closed("get") }
        return try PluginOperations(instance.library)
    }

    /// Does something with the instance on its thread, as the function with a name.
    func run<Value: Sendable>(
        _ function: String,
        _ body: @escaping @Sendable (HostTable, UnsafeMutablePointer<Object>) throws -> Value
    ) async throws -> Value {
        guard let instance = instance.withLock({ $0 }) else { throw closed(function) }
        do {
            return try await thread.run(watch: watch(function)) { [host] in try body(host, instance.pointer) }
        } catch let error as PluginError where error.code == .hung {
            // Whatever came after it would wait for ever.
            abandon()
            throw error
        }
    }

    /// Gives up an instance whose thread does not come back: it is never destroyed.
    private func abandon() {
        instance.withLock { $0 = nil }
        thread.finish()
    }

    private func watch(_ function: String) -> CallWatch {
        CallWatch(function: function, host: host)
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
        try await thread.run(watch: watch("close")) { [host] in
            defer { PluginSession.end(last, host) }
            try host.call("close") { (body(last.pointer, last.functions), ()) }
        }
    }

    private func closed(_ function: String) -> PluginError {
        PluginError(.closed, plugin: manifest.name, function: function, "the instance is closed")
    }

    private static func make(_ manifest: PluginManifest, _ className: String, _ host: HostTable) throws -> Instance {
        let library = try PluginLibrary.load(manifest)
        try library.acquire()
        do {
            let made = try host.call("create") {
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
        CrashGuard.inside(host.plugin, "destroy") { instance.functions.end(instance.pointer) }
        instance.library.release()
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
