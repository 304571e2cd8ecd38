import Glibc
import PluginABI
import PluginKit
import PluginSupport

/// Prepares a working directory on this machine and starts the scheduler service in it.
public final class LocalLauncher: LauncherPlugin {
    private let host: Host
    private var path = ""
    private var isService = true

    /// Keeps the host; uses it from ``initialize()`` on.
    public init(host: Host) {
        self.host = host
    }

    public func initialize() throws {
        guard let path = host.config(LocalSettings.workingDirectoryKey), !path.isEmpty else {
            throw PluginFailure(.invalidArgument, "\(LocalSettings.workingDirectoryKey) is not set")
        }
        self.path = path
        isService = host.config("heron.scheduler.is.service")?.lowercased() != "false"
        // Read here too, so that a mistake shows before anything is done.
        _ = try LocalSettings(host)
    }

    public func launch(_ packingPlan: [UInt8]) throws {
        let directory = try WorkingDirectory.prepare(
            path,
            key: LocalSettings.workingDirectoryKey,
            checkUnused: ProcessCensus.checkNone(in:)
        )
        do {
            try fetchCore()
            try host.fetchPackage(uri: try host.require(HERON_FACT_TOPOLOGY_PACKAGE_URI), into: path)
            // From here on the directory is the scheduler's, which locks it.
            directory.release()
            if isService {
                try host.startSchedulerService(workingDirectory: path)
            } else {
                try host.scheduleAsLibrary(workingDirectory: path)
            }
        } catch {
            directory.discard()
            throw error
        }
    }

    public func close() throws {}

    /// Puts the core package into the working directory, as `heron-core`.
    private func fetchCore() throws {
        guard let folder = host.fact(HERON_FACT_CORE_PACKAGE_DIRECTORY) else {
            try host.fetchPackage(uri: try host.require(HERON_FACT_CORE_PACKAGE_URI), into: path)
            return
        }
        guard access("\(folder)/bin", F_OK) == 0 else {
            throw PluginFailure(
                .notFound,
                "the core package \(folder) has no folder bin",
                hint: "set heron.package.core.directory to an unpacked heron-core"
            )
        }
        guard symlink(folder, "\(path)/heron-core") == 0 else {
            let reason = String(cString: strerror(errno))
            throw PluginFailure(.failed, "cannot link \(path)/heron-core to \(folder): \(reason)")
        }
    }
}
