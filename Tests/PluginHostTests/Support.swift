import Files
import Glibc
import HeronState
import Processes
import Synchronization

@testable import PluginHost

/// A folder of a test's own, removed when the test is over.
final class Scratch: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/heron-plugins-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw FileError("create", "/tmp", code: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        try? removeTree(path)
    }

    func folder(_ name: String) throws -> String {
        _ = try createFolders("\(path)/\(name)")
        return "\(path)/\(name)"
    }

    func write(_ name: String, _ text: String) throws {
        unlink("\(path)/\(name)")
        let file = try File(creating: "\(path)/\(name)", permissions: 0o644)
        try Array(text.utf8).withUnsafeBytes { try file.write($0) }
        try file.close()
    }
}

/// The root of the repository that this file belongs to.
let repository = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()

/// Plugins compiled from C for one test.
struct PluginFixture {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// The path that holds all plugins of the test.
    var searchPath: PluginSearchPath {
        PluginSearchPath(folders: [.init(path: scratch.path, origin: "the test")])
    }

    /// Compiles the probe with some macros into a folder, and writes its manifest.
    func addProbe(_ folder: String = "probe", defining macros: [String] = [], manifest: String? = nil) async throws {
        let path = try scratch.folder(folder)
        try await compile(["probe", "probe_state"], to: "\(path)/libprobe.so", defining: macros)
        try scratch.write("\(folder)/plugin.yaml", manifest ?? probeManifest())
    }

    /// Compiles a plugin of one source with some macros into a folder of its name.
    func add(_ name: String, defining macros: [String] = [], manifest: String) async throws {
        let path = try scratch.folder(name)
        try await compile([name], to: "\(path)/lib\(name).so", defining: macros)
        try scratch.write("\(name)/plugin.yaml", manifest)
    }

    /// Compiles the complete C plugin into a folder.
    func addCLocal() async throws {
        let path = try scratch.folder("c-local")
        try await compile(["c_local"], to: "\(path)/libc-local.so", defining: [])
        _ = try copyFile("\(repository)/Tests/Fixtures/Plugins/c_local.yaml", to: "\(path)/plugin.yaml")
    }

    /// Replaces a file by another with changed bytes.
    func rewrite(_ path: String, _ change: ([UInt8]) throws -> [UInt8]) throws {
        let path = "\(scratch.path)/\(path)"
        let old = try File(reading: path)
        let bytes = try change(old.bytes(at: 0, count: Int(old.status().size)))
        guard unlink(path) == 0 else { throw FileError("remove", path, code: errno) }
        let new = try File(creating: path)
        try bytes.withUnsafeBytes { try new.write($0) }
        try new.close()
    }

    /// Copies the local plugin as it was built.
    func addLocal() throws {
        let path = try scratch.folder("local")
        _ = try copyFile(PluginFixture.localLibrary, to: "\(path)/libheron-local.so")
        _ = try copyFile("\(repository)/Plugins/Local/plugin.yaml", to: "\(path)/plugin.yaml")
    }

    /// The local plugin's library beside the running tests.
    static let localLibrary: String = {
        let executable = (try? FileTrust.resolve("/proc/self/exe")) ?? ""
        return executable.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/libheron-local.so"
    }()

    static var hasLocalLibrary: Bool { access(localLibrary, R_OK) == 0 }

    func manifest(_ name: String) throws -> PluginManifest {
        try PluginCatalog.scan(searchPath).plugin(named: name)
    }

    private func compile(_ sources: [String], to library: String, defining macros: [String]) async throws {
        let compiled = try await ChildProcess.runToCompletion(
            executable: "cc",
            arguments: [
                "-std=c11", "-shared", "-fPIC", "-fvisibility=hidden", "-I\(repository)/Sources/PluginABI/include",
            ]
                + macros.map { "-D\($0)" } + ["-o", library]
                + sources.map { "\(repository)/Tests/Fixtures/Plugins/\($0).c" },
            environment: ChildProcess.currentEnvironment(),
            timeLimit: .seconds(60)
        )
        guard compiled.status.isSuccess else {
            throw PluginError(.unloadable, String(decoding: compiled.error, as: UTF8.self))
        }
    }
}

let probeClass = "org.apache.heron.scheduler.probe.ProbeScheduler"

func probeManifest(
    name: String = "probe",
    version: String = "1.0",
    abi: String = "1.0",
    library: String = "libprobe.so",
    more: String = ""
) -> String {
    """
    name: \(name)
    version: "\(version)"
    abi: "\(abi)"
    library: \(library)
    classes:
      scheduler: [\(probeClass)]
    config:
      probe.size: {type: integer, default: 5, help: A number.}
      probe.where: {type: string, default: "${HOME}/probe", help: A place.}
      probe.on: {type: boolean, help: A switch.}
    \(more)
    """
}

/// Host services for tests: settings in, everything that the plugin did out.
final class FakeHost: LauncherServices, SchedulerHostServices {
    private struct Log {
        var lines: [String] = []
        var metrics: [String: UInt64] = [:]
        var launches: [String] = []
        var statuses: [ContainerStatus] = []
        var waiters: [(@Sendable ([ContainerStatus]) -> Bool, CheckedContinuation<Void, Never>)] = []
    }

    let facts: RuntimeFacts
    let state: (any StateManager)?
    private let config: [String: String]
    private let command: @Sendable (Int32, ContainerPorts) async throws -> [String]
    private let log = Mutex(Log())

    init(
        config: [String: String] = [:],
        facts: RuntimeFacts = FakeHost.facts(),
        state: (any StateManager)? = nil,
        command: @escaping @Sendable (Int32, ContainerPorts) async throws -> [String] = { container, ports in
            ["./executor", "--shard=\(container)"] + ports.values.map(String.init)
        }
    ) {
        self.config = config
        self.facts = facts
        self.state = state
        self.command = command
    }

    static func facts(workingDirectory: String = "", resumed: Bool = false) -> RuntimeFacts {
        RuntimeFacts(
            topologyName: "words",
            topologyID: "words-1",
            cluster: "local",
            role: "alice",
            environ: "default",
            submitUser: "alice",
            topologyPackageURI: "file:///package",
            corePackageURI: "file:///core",
            workingDirectory: workingDirectory,
            resumed: resumed
        )
    }

    var lines: [String] { log.withLock { $0.lines } }
    var metrics: [String: UInt64] { log.withLock { $0.metrics } }
    var launches: [String] { log.withLock { $0.launches } }

    /// The last status of every container.
    var statuses: [Int32: ContainerStatus] {
        Dictionary(log.withLock { $0.statuses }.map { ($0.container, $0) }) { _, last in last }
    }

    /// Waits until the statuses that were reported so far fulfil a condition.
    func until(_ condition: @escaping @Sendable ([ContainerStatus]) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isFulfilled = log.withLock { log in
                if !condition(log.statuses) { log.waiters.append((condition, continuation)) }
                return condition(log.statuses)
            }
            if isFulfilled { continuation.resume() }
        }
    }

    func log(_ level: PluginLogLevel, plugin: String, _ message: String) {
        log.withLock { $0.lines.append(message) }
    }

    func configValue(_ key: String) -> String? { config[key] }

    func configEntries() -> [ConfigEntry] {
        config.sorted { $0.key < $1.key }.map { ConfigEntry(key: $0.key, value: $0.value) }
    }

    func expandTokens(_ text: String) throws -> String {
        text.hasPrefix("${HOME}") ? "/home/alice" + text.dropFirst(7) : text
    }

    func executorCommand(container: Int32, ports: ContainerPorts) async throws -> [String] {
        try await command(container, ports)
    }

    func containerChanged(_ status: ContainerStatus) async {
        let woken = log.withLock { log in
            log.statuses.append(status)
            let statuses = log.statuses
            let woken = log.waiters.filter { $0.0(statuses) }.map(\.1)
            log.waiters.removeAll { $0.0(statuses) }
            return woken
        }
        for waiter in woken { waiter.resume() }
    }

    func addToCounter(_ name: String, _ amount: UInt64) {
        log.withLock { $0.metrics[name, default: 0] += amount }
    }

    func setGauge(_ name: String, _ value: Double) {
        log.withLock { $0.metrics[name] = UInt64(value) }
    }

    func requestShutdown(failed: Bool, reason: String) {
        log.withLock { $0.lines.append("shutdown \(failed) \(reason)") }
    }

    func publish(file: String, once: Bool) throws -> String {
        guard file != "missing" else { throw PublishingError(.notFound, "there is no \(file)", hint: "make one") }
        return "http://\(once ? "once" : "host")/\(file)"
    }

    func fetchPackage(uri: String, into directory: String) async throws {
        log.withLock { $0.launches.append("fetch \(uri)") }
        if uri.hasSuffix("core") { _ = try createFolders("\(directory)/heron-core/bin") }
    }

    func startSchedulerService(workingDirectory: String) async throws {
        log.withLock { $0.launches.append("service \(workingDirectory)") }
        if config["fail"] == "service" { throw PluginError(.closed, "no service today", hint: "try tomorrow") }
    }

    func scheduleAsLibrary(workingDirectory: String) async throws {
        log.withLock { $0.launches.append("library \(workingDirectory)") }
    }
}
