import Files
import Glibc
import PluginABI
import Synchronization

/// A plugin's library, loaded. It is never unloaded: Swift libraries cannot be, and others gain nothing from it.
package final class PluginLibrary: Sendable {
    let manifest: PluginManifest
    private let table: Table
    /// How many instances there are. The lock is held during init and deinit, which know no host and cannot come back.
    private let users = Mutex(0)
    /// Nil until somebody asks.
    private let readOperations = Mutex<[PluginOperation]?>(nil)

    /// The entry's table; unchecked because it holds C pointers, which are constant as the ABI demands.
    private struct Table: @unchecked Sendable {
        let entry: heron_plugin
    }

    fileprivate init(manifest: PluginManifest, entry: heron_plugin) {
        self.manifest = manifest
        self.table = Table(entry: entry)
    }

    /// Counts an instance in; initializes the library for the first one.
    func acquire() throws {
        try users.withLock { count in
            if count == 0 { try initialize() }
            count += 1
        }
    }

    /// Counts an instance out; deinitializes the library after the last one.
    func release() {
        users.withLock { count in
            count -= 1
            if count == 0 { CrashGuard.inside(manifest.name, "deinit") { table.entry.`deinit`?() } }
        }
    }

    private func initialize() throws {
        guard let function = table.entry.`init` else { return }
        let reason = Collector()
        let status = reason.fill { sink in
            manifest.folder.lent { folder in CrashGuard.inside(manifest.name, "init") { function(folder, sink) } }
        }
        guard status == HERON_OK else {
            let message = reason.texts.first ?? "failed with status \(status)"
            throw PluginError(.failed(status), plugin: manifest.name, function: "init", message)
        }
    }

    /// The table of a kind's factory that must know a class, and the name that the class has there.
    func factory<Factory>(
        _ kind: PluginKind,
        _ className: String,
        as type: Factory.Type,
        classes: (Factory) -> (@convention(c) (heron_sink) -> Void)?
    ) throws -> (factory: Factory, className: String) {
        guard let factory = factory(kind.factoryID, as: Factory.self) else {
            throw mismatch("the library has no factory \(kind.factoryID)")
        }
        let names = Collector()
        guard let list = classes(factory) else { throw mismatch("factory \(kind.factoryID) does not tell its classes") }
        names.fill { list($0) }
        let wanted = ClassName.canonical(className)
        guard let name = names.texts.first(where: { ClassName.canonical($0) == wanted }) else {
            let known = names.texts.joined(separator: ", ")
            throw mismatch("the library does not have the \(kind.rawValue) class \(className), but: \(known)")
        }
        return (factory, name)
    }

    /// The operations that the library offers; empty if it has none.
    ///
    /// Throws ``PluginError`` for tables that do not keep to `heron/operations.h`.
    func operations() throws -> [PluginOperation] {
        try readOperations.withLock { known in
            if let known { return known }
            let operations = try readOperationsTable()
            known = operations
            return operations
        }
    }

    private func readOperationsTable() throws -> [PluginOperation] {
        guard
            let factory = factory(HERON_OPERATIONS_FACTORY, as: heron_operations_factory.self),
            let get = factory.get
        else { return [] }
        return try CrashGuard.inside(manifest.name, "get") {
            try OperationReader(plugin: manifest.name).operations(get)
        }
    }

    private func factory<Factory>(_ id: String, as type: Factory.Type) -> Factory? {
        let pointer = CrashGuard.inside(manifest.name, "get_factory") { table.entry.get_factory?(id) }
        return pointer.map { ABITable.copy($0.assumingMemoryBound(to: Factory.self)) }
    }

    private func mismatch(_ message: String) -> PluginError {
        PluginError(
            .mismatch,
            plugin: manifest.name,
            "\(manifest.path) does not fit the library: \(message)",
            hint: "install the plugin again"
        )
    }
}

extension PluginLibrary {
    /// What makes two paths the same file.
    private struct FileID: Hashable {
        let device: dev_t
        let inode: ino_t
    }

    private static let loaded = Mutex<[FileID: PluginLibrary]>([:])

    /// The library of a plugin: the one that is loaded already, or loaded now, after everything was checked again.
    static func load(_ manifest: PluginManifest) throws -> PluginLibrary {
        try manifest.checkABI()
        let trust = FileTrust.ofCurrentUser()
        try trust.check(manifest.folder, isFolder: true, plugin: manifest.name)
        try trust.check(manifest.libraryPath, inside: manifest.folder, plugin: manifest.name)
        let id = try fileID(manifest)
        return try loaded.withLock { libraries in
            if let library = libraries[id] { return library }
            try checkSum(manifest)
            let library = PluginLibrary(manifest: manifest, entry: try open(manifest))
            libraries[id] = library
            return library
        }
    }

    private static func fileID(_ manifest: PluginManifest) throws -> FileID {
        var info = stat()
        guard stat(manifest.libraryPath, &info) == 0 else {
            let reason = String(cString: strerror(errno))
            throw PluginError(.unsafe, plugin: manifest.name, "cannot read \(manifest.libraryPath): \(reason)")
        }
        return FileID(device: info.st_dev, inode: info.st_ino)
    }

    package static func checkSum(_ manifest: PluginManifest) throws {
        guard let expected = manifest.sha256 else { return }
        let sum: String
        do {
            sum = try SHA256.ofFile(manifest.libraryPath)
        } catch let error as FileError {
            throw PluginError(.unsafe, plugin: manifest.name, error.description)
        }
        guard sum == expected else {
            throw PluginError(
                .checksum,
                plugin: manifest.name,
                "\(manifest.libraryPath) has the SHA-256 \(sum), \(manifest.path) states \(expected)",
                hint: "install the plugin again"
            )
        }
    }

    /// Says what is wrong with a library's file before the dynamic loader does, which takes one of another processor
    /// for missing and does not survive one that is cut off.
    private static func checkFile(_ manifest: PluginManifest) throws {
        do {
            _ = try ELFFile(manifest.libraryPath)
        } catch let error as ELFError {
            throw PluginError(
                .unloadable,
                plugin: manifest.name,
                "cannot load \(manifest.libraryPath): it \(error)",
                hint: "install a build of the plugin for this machine"
            )
        }
    }

    private static func open(_ manifest: PluginManifest) throws -> heron_plugin {
        try checkFile(manifest)
        let loaded = CrashGuard.inside(manifest.name, "its library's constructors") {
            dlopen(manifest.libraryPath, RTLD_NOW | RTLD_LOCAL)
        }
        guard let handle = loaded else {
            let reason = dlerror().map { String(cString: $0) } ?? "unknown reason"
            throw PluginError(.unloadable, plugin: manifest.name, "cannot load \(manifest.libraryPath): \(reason)")
        }
        guard let symbol = dlsym(handle, "heron_plugin_entry") else {
            throw PluginError(
                .noEntry,
                plugin: manifest.name,
                "\(manifest.libraryPath) does not export heron_plugin_entry",
                hint: "it is not a heron plugin, or was built without its entry exported"
            )
        }
        typealias Entry = @convention(c) (UInt32, UInt32) -> UnsafePointer<heron_plugin>?
        let entry = unsafeBitCast(symbol, to: Entry.self)
        let answer = CrashGuard.inside(manifest.name, "heron_plugin_entry") {
            entry(ABIVersion.host.major, ABIVersion.host.minor)
        }
        guard let table = answer else {
            throw PluginError(
                .wrongABI,
                plugin: manifest.name,
                "\(manifest.name) \(manifest.version) does not serve a heron with ABI \(ABIVersion.host)",
                hint: "use a version of \(manifest.name) for this heron"
            )
        }
        return try check(table, manifest)
    }

    /// The table, if plugin and manifest tell the same and nothing essential is missing.
    private static func check(_ table: UnsafePointer<heron_plugin>, _ manifest: PluginManifest) throws -> heron_plugin {
        // The size and both versions have the same place in all major versions; nothing else may be read before.
        let head = UnsafeRawPointer(table)
        let abi = ABIVersion(
            major: head.load(fromByteOffset: 4, as: UInt32.self),
            minor: head.load(fromByteOffset: 8, as: UInt32.self)
        )
        guard abi.major == ABIVersion.host.major else {
            throw PluginError.wrongABI(plugin: manifest.name, version: manifest.version, abi: abi)
        }
        let entry = ABITable.copy(table)
        guard entry.get_factory != nil, let name = entry.name, let version = entry.version else {
            throw PluginError(
                .wrongABI,
                plugin: manifest.name,
                "the table of \(manifest.libraryPath) has \(entry.size) bytes and lacks what ABI \(abi) demands",
                hint: "rebuild the plugin with this heron's headers"
            )
        }
        let told: [(String, String, String)] = [
            ("name", manifest.name, String(cString: name)),
            ("version", manifest.version, String(cString: version)),
            ("abi", manifest.abi.description, abi.description),
        ]
        for (field, stated, actual) in told where stated != actual {
            throw PluginError(
                .mismatch,
                plugin: manifest.name,
                "\(manifest.path) does not fit the library: it states \(field) '\(stated)', the library says '\(actual)'",
                hint: "install the plugin again"
            )
        }
        return entry
    }
}
