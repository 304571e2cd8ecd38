import Glibc
import HeronState
import PluginHost

/// What the hosts of launchers and schedulers have in common.
protocol CheckServices: HostServices {
    var place: CheckPlace { get }
}

extension CheckServices {
    var state: (any StateManager)? { place.state }

    func log(_ level: PluginLogLevel, plugin: String, _ message: String) {}

    func configValue(_ key: String) -> String? { place.setting(key) }

    func configEntries() -> [ConfigEntry] { place.settings.map { ConfigEntry(key: $0.key, value: $0.value) } }

    func expandTokens(_ text: String) throws -> String { place.expand(text) }

    func executorCommand(container: Int32, ports: ContainerPorts) async throws -> [String] {
        place.executorCommand(container, ports)
    }

    func containerChanged(_ status: ContainerStatus) async { place.note(status) }

    func addToCounter(_ name: String, _ amount: UInt64) {}

    func setGauge(_ name: String, _ value: Double) {}

    func requestShutdown(failed: Bool, reason: String) {}
}

/// What a scheduler under test may ask for.
struct SchedulerCheckServices: CheckServices, SchedulerHostServices {
    let place: CheckPlace
    let facts: RuntimeFacts

    func publish(file: String, once: Bool) throws -> String {
        let path: String = file.hasPrefix("/") ? file : "\(facts.workingDirectory)/\(file)"
        guard path.hasPrefix(facts.workingDirectory + "/"), !path.contains("/../") else {
            throw PublishingError(.notServable, "\(file) lies outside of the working directory")
        }
        guard access(path, R_OK) == 0 else { throw PublishingError(.notFound, "there is no \(path)") }
        // Port 9 discards what it is sent, if anybody listens there at all.
        return "http://127.0.0.1:9/\(once ? "once" : "files")/\(file.split(separator: "/").last ?? "file")"
    }
}

/// What a launcher under test may ask for.
struct LauncherCheckServices: CheckServices, LauncherServices {
    let place: CheckPlace
    let facts: RuntimeFacts
    /// Whether the scheduler cannot be started.
    let isFailing: Bool

    func fetchPackage(uri: String, into directory: String) async throws {
        try place.unpack(uri, into: directory)
    }

    func startSchedulerService(workingDirectory: String) async throws {
        try start(workingDirectory)
    }

    func scheduleAsLibrary(workingDirectory: String) async throws {
        try start(workingDirectory)
    }

    private func start(_ directory: String) throws {
        guard !isFailing else { throw CheckError("the scheduler cannot be started: this is a test") }
        place.prepare(directory)
    }
}
