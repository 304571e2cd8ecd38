import Glibc
import HeronModel
import HeronState
import Logging
import Processes
import Synchronization

@testable import ExecutorCore

/// A folder of a test's own, removed with all it holds when the test is over.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/heron-executor-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ExecutorError.system("mkdtemp", errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        removeTree(path)
    }

    @discardableResult
    func write(_ name: String, _ text: String, mode: mode_t = 0o644) throws -> String {
        let file = "\(path)/\(name)"
        var folder = path
        for part in name.split(separator: "/").dropLast() {
            folder += "/\(part)"
            mkdir(folder, 0o755)
        }
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw ExecutorError.system(file, errno) }
        defer { close(descriptor) }
        guard Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count else {
            throw ExecutorError.system(file, errno)
        }
        return file
    }

    /// The file's text; empty if there is none.
    func read(_ name: String) -> String {
        contents("\(path)/\(name)") ?? ""
    }

    /// The names in the folder, sorted.
    func names() -> [String] { entries(path).sorted() }
}

/// A file's text, or nil.
func contents(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while case let count = Glibc.read(descriptor, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
    return String(decoding: bytes, as: UTF8.self)
}

private func entries(_ path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names
}

private func removeTree(_ path: String) {
    var info = stat()
    guard lstat(path, &info) == 0 else { return }
    guard info.st_mode & S_IFMT == S_IFDIR else {
        unlink(path)
        return
    }
    for name in entries(path) { removeTree("\(path)/\(name)") }
    rmdir(path)
}

/// Waits until a condition holds; false if it does not within twenty seconds.
func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
    let deadline = ContinuousClock.now + .seconds(120)
    while ContinuousClock.now < deadline {
        if try await condition() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return try await condition()
}

/// Keeps the lines that are logged.
final class LogRecorder: Sendable {
    private let recorded = Mutex<[String]>([])

    var lines: [String] { recorded.withLock { $0 } }

    func logger() -> Logger { Logger(label: "test") { _ in Handler(recorder: self) } }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var logLevel = Logger.Level.debug
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            recorder.recorded.withLock { $0.append("\(event.level): \(event.message)") }
        }
    }
}

/// A packing plan with one container of each id, each with the instances that are named, as task 1 and so on.
func packingPlan(_ containers: [(Int32, [String])]) -> PackingPlan {
    var resource = Resource()
    (resource.cpu, resource.ram, resource.disk) = (1, 1 << 30, 1 << 30)
    var plan = PackingPlan()
    plan.id = "Words1234"
    var task: Int32 = 0
    plan.containerPlans = containers.map { id, components in
        var container = ContainerPlan()
        container.id = id
        container.requiredResource = resource
        container.instancePlans = components.enumerated().map { index, component in
            task += 1
            var instance = InstancePlan()
            instance.componentName = component
            instance.taskID = task
            instance.componentIndex = Int32(index)
            instance.resource = resource
            return instance
        }
        return container
    }
    return plan
}

/// The executor's arguments as Heron gives them, with some values changed.
func executorArguments(_ changes: [String: String] = [:]) -> [String] {
    var values: [(String, String)] = [
        ("topology-name", "Words"), ("topology-id", "Words1234"), ("topology-defn-file", "Words.defn"),
        ("state-manager-connection", "LOCALMODE"), ("state-manager-root", "/state"),
        ("state-manager-config-file", "./heron-conf/statemgr.yaml"),
        ("tmanager-binary", "./heron-core/bin/heron-tmanager"), ("stmgr-binary", "./heron-core/bin/heron-stmgr"),
        ("metrics-manager-classpath", "./heron-core/lib/metricsmgr/*"), ("instance-jvm-opts", "\"\""),
        ("classpath", "words.jar"), ("heron-internals-config-file", "./heron-conf/heron_internals.yaml"),
        ("override-config-file", "./heron-conf/override.yaml"), ("component-ram-map", "word:536870912"),
        ("component-jvm-opts", "\"\""), ("pkg-type", "pex"), ("topology-binary-file", "words.pex"),
        ("heron-java-home", "/java"), ("heron-shell-binary", "./heron-core/bin/heron-shell"), ("cluster", "local"),
        ("role", "alice"), ("environment", "default"), ("instance-classpath", "./heron-core/lib/instance/*"),
        ("metrics-sinks-config-file", "./heron-conf/metrics_sinks.yaml"), ("scheduler-classpath", "S"),
        ("python-instance-binary", "./heron-core/bin/heron-python-instance"),
        ("cpp-instance-binary", "./heron-core/bin/heron-cpp-instance"),
        ("metricscache-manager-classpath", "./heron-core/lib/metricscachemgr/*"),
        ("metricscache-manager-mode", "disabled"), ("is-stateful", "false"),
        ("checkpoint-manager-classpath", "./heron-core/lib/ckptmgr/*:"),
        ("stateful-config-file", "./heron-conf/stateful.yaml"), ("checkpoint-manager-ram", "1073741824"),
        ("health-manager-mode", "disabled"), ("health-manager-classpath", "./heron-core/lib/healthmgr/*"),
        ("shard", "1"), ("server-port", "1001"), ("tmanager-controller-port", "1002"),
        ("tmanager-stats-port", "1003"), ("shell-port", "1004"), ("metrics-manager-port", "1005"),
        ("scheduler-port", "1006"), ("metricscache-manager-server-port", "1007"),
        ("metricscache-manager-stats-port", "1008"), ("checkpoint-manager-port", "1009"),
    ]
    for (name, value) in changes where !values.contains(where: { $0.0 == name }) { values.append((name, value)) }
    return values.map { "--\($0.0)=\(changes[$0.0] ?? $0.1)" }
}

func executorOptions(_ changes: [String: String] = [:]) throws -> ExecutorOptions {
    try ExecutorOptions.parse(ExecutorOptions.separatingEmptyValues(executorArguments(changes)))
}

/// A port that somebody listens on.
final class Listener {
    private let descriptor: Int32
    let port: UInt16

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && listen(descriptor, 1) == 0
                    && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard isListening else { throw ExecutorError.system("cannot listen", errno) }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit {
        close(descriptor)
    }
}
