import Files
import Glibc
import PluginABI
import PluginKit
import PluginSupport

/// Prepares the scheduler's sandbox on this machine and starts the scheduler service in it.
public final class MesosLauncher: LauncherPlugin {
    private let host: Host
    private var path = ""

    /// Keeps the host; uses it from ``initialize()`` on.
    public init(host: Host) {
        self.host = host
    }

    public func initialize() throws {
        guard let path = host.config(MesosSettings.workingDirectoryKey), !path.isEmpty else {
            throw PluginFailure(.invalidArgument, "\(MesosSettings.workingDirectoryKey) is not set")
        }
        guard host.config("heron.scheduler.is.service")?.lowercased() != "false" else {
            throw PluginFailure(
                .unsupported,
                "heron.scheduler.is.service is false, but tasks on Mesos need a scheduler that stays",
                hint: "set it to true in the cluster's scheduler.yaml"
            )
        }
        self.path = path
        // Read here too, so that a mistake shows before anything is done.
        _ = try MesosSettings(host)
    }

    public func launch(_ packingPlan: [UInt8]) throws {
        let directory = try WorkingDirectory.prepare(path, key: MesosSettings.workingDirectoryKey)
        do {
            try host.fetchPackage(uri: try host.require(HERON_FACT_TOPOLOGY_PACKAGE_URI), into: path)
            try bringCore()
            // From here on the directory is the scheduler's, which locks it.
            directory.release()
            try host.startSchedulerService(workingDirectory: path)
        } catch {
            directory.discard()
            throw error
        }
    }

    public func close() throws {}

    /// A core package that is a file of this machine is served from the working directory: an upgrade of the
    /// distribution must not change what a running topology's containers get.
    private func bringCore() throws {
        guard let uri = host.fact(HERON_FACT_CORE_PACKAGE_URI), !uri.isEmpty else {
            throw PluginFailure(
                .invalidArgument,
                "agents need the core package as an archive",
                hint: "set heron.package.use_core_uri to true and heron.package.core.uri to its address"
            )
        }
        guard let file = MesosLauncher.localFile(uri), host.config(MesosSettings.sharedPackagesKey) != "true" else {
            return
        }
        do {
            _ = try copyFile(file, to: "\(path)/\(PackageSources.coreFile)")
        } catch {
            throw PluginFailure(
                .notFound,
                "the core package cannot be copied: \(error)",
                hint: "see heron.package.core.uri"
            )
        }
    }

    /// The path of a `file://` URI or of a bare path; nil for other URIs.
    static func localFile(_ uri: String) -> String? {
        if uri.hasPrefix("/") { return uri }
        guard uri.hasPrefix("file://") else { return nil }
        let rest = uri.dropFirst(7)
        return rest.hasPrefix("localhost/") ? String(rest.dropFirst(9)) : rest.hasPrefix("/") ? String(rest) : nil
    }
}
