import Glibc
import PluginABI
import PluginKit

/// Prepares a working directory and starts the scheduler there.
final class Launcher: LauncherPlugin {
    private let host: Host
    private var path: String?
    private var isService = true

    init(host: Host) {
        self.host = host
    }

    func initialize() throws {
        let key = "heron.@NAME@.working.directory"
        guard let path = host.config(key), path.hasPrefix("/"), path != "/" else {
            throw PluginFailure(.invalidArgument, "\(key) is not an absolute path", hint: "set it in scheduler.yaml")
        }
        isService = host.config("heron.scheduler.is.service")?.lowercased() != "false"
        self.path = path
    }

    func launch(_ packingPlan: [UInt8]) throws {
        guard let path else { throw PluginFailure(.closed, "the launcher is not initialized") }
        let directory = try WorkingDirectory.create(path)
        do {
            try fetchCore(into: path)
            try host.fetchPackage(uri: try host.require(HERON_FACT_TOPOLOGY_PACKAGE_URI), into: path)
            if isService {
                try host.startSchedulerService(workingDirectory: path)
            } else {
                try host.scheduleAsLibrary(workingDirectory: path)
            }
        } catch {
            directory.undo()
            throw error
        }
    }

    func close() throws {}

    /// Puts Heron's core package into the working directory, as `heron-core`.
    private func fetchCore(into path: String) throws {
        guard let core = host.fact(HERON_FACT_CORE_PACKAGE_DIRECTORY) else {
            return try host.fetchPackage(uri: try host.require(HERON_FACT_CORE_PACKAGE_URI), into: path)
        }
        guard symlink(core, "\(path)/heron-core") == 0 else { throw systemFailure("cannot create \(path)/heron-core") }
    }
}

/// What a system call did not do, with the reason from `errno`; to be made directly after it.
func systemFailure(_ message: String, _ code: CInt = errno) -> PluginFailure {
    PluginFailure(.failed, "\(message): \(String(cString: strerror(code)))")
}
