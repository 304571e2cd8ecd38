import Glibc
import PluginABI
import PluginHost

/// A plugin's library, loaded into this process by nobody but the dynamic loader.
struct PluginTable {
    let library: UnsafeMutableRawPointer
    let pointer: UnsafePointer<heron_plugin>
    /// The members that both sides know.
    let functions: heron_plugin
    let abi: ABIVersion

    private typealias Entry = @convention(c) (UInt32, UInt32) -> UnsafePointer<heron_plugin>?

    /// Loads the library; throws ``Broken`` if the loader refuses it.
    static func load(_ manifest: PluginManifest, _ recorder: Recorder) throws -> UnsafeMutableRawPointer {
        recorder.begin(.loading)
        let library = recorder.calling("the library's constructors") {
            dlopen(manifest.libraryPath, RTLD_NOW | RTLD_LOCAL)
        }
        guard let library else {
            throw Broken(.loading, dlerror().map { String(cString: $0) } ?? "the loader gives no reason")
        }
        return library
    }

    /// Asks the entry for the table of a host; throws ``Broken`` if there is no entry.
    static func ask(
        _ library: UnsafeMutableRawPointer,
        _ host: ABIVersion,
        _ recorder: Recorder
    ) throws -> UnsafePointer<heron_plugin>? {
        guard let symbol = dlsym(library, "heron_plugin_entry") else {
            throw Broken(.exports, "heron_plugin_entry is not exported; is HERON_EXPORT missing?")
        }
        let entry = unsafeBitCast(symbol, to: Entry.self)
        return recorder.calling("heron_plugin_entry") { entry(host.major, host.minor) }
    }

    /// Loads the library and reads its table; throws ``Broken``.
    init(_ manifest: PluginManifest, _ recorder: Recorder) throws {
        library = try PluginTable.load(manifest, recorder)
        recorder.begin(.entry)
        guard let table = try PluginTable.ask(library, .host, recorder) else {
            throw Broken(.entry, "heron_plugin_entry returns NULL to a host with ABI \(ABIVersion.host)")
        }
        pointer = table
        recorder.begin(.pluginTable)
        // The size and both versions have the same place in all major versions; nothing else may be read before.
        let head = UnsafeRawPointer(table)
        abi = recorder.calling("the table of heron_plugin_entry") {
            ABIVersion(
                major: head.load(fromByteOffset: 4, as: UInt32.self),
                minor: head.load(fromByteOffset: 8, as: UInt32.self)
            )
        }
        guard abi.major == ABIVersion.host.major else {
            throw Broken(.abiVersion, "the library speaks ABI \(abi), this host speaks \(ABIVersion.host)")
        }
        functions = ABITable.copy(table)
        try TableSize(abi).check(functions.size, heron_plugin.self, least: \.get_factory, .pluginTable, "heron_plugin")
        guard functions.name != nil, functions.version != nil, functions.get_factory != nil else {
            throw Broken(.pluginTable, "heron_plugin lacks name, version or get_factory")
        }
    }
}

/// How large a table of a plugin can be.
struct TableSize {
    private let abi: ABIVersion

    /// Tables of newer minor versions have members that this host does not know.
    private static let largest = 64 << 10

    init(_ abi: ABIVersion) {
        self.abi = abi
    }

    /// Throws ``Broken`` if the size cannot be right.
    ///
    /// - Parameter least: the last member that every table has.
    func check<Table, Member>(
        _ size: UInt32,
        _ table: Table.Type,
        least: KeyPath<Table, Member>,
        _ rule: Rule,
        _ name: String
    ) throws {
        let known = MemoryLayout<Table>.size
        let smallest = (MemoryLayout<Table>.offset(of: least) ?? 0) + MemoryLayout<Member>.size
        let largest = abi.minor > ABIVersion.host.minor ? TableSize.largest : known
        guard size >= smallest, size <= largest else {
            throw Broken(rule, "\(name) states a size of \(size) bytes; in ABI \(abi) it has \(smallest) to \(largest)")
        }
    }
}

/// A rule is broken so that a check cannot go on.
struct Broken: Error {
    let rule: Rule
    let detail: String

    init(_ rule: Rule, _ detail: String) {
        self.rule = rule
        self.detail = detail
    }
}

/// A check cannot say anything about this plugin.
struct Inapplicable: Error {
    let reason: String
}
