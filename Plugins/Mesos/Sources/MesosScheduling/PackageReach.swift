import PluginABI
import PluginKit

/// Whether agents can reach packages that are files.
struct PackageReach {
    let host: Host
    let settings: MesosSettings

    /// Throws ``PluginFailure`` if a package is a file of this machine, and there are agents on others.
    func check(_ thread: FrameworkThread) throws {
        guard !settings.sharesPackages, let uri = host.fact(HERON_FACT_TOPOLOGY_PACKAGE_URI),
            uri.hasPrefix("file:") || uri.hasPrefix("/")
        else { return }
        let agents: [String]
        do {
            agents = try thread.agentHosts()
        } catch {
            host.log(.warning, "cannot tell whether all agents can read \(uri): \(error)")
            return
        }
        let own = Machine.own()
        guard let other = agents.first(where: { !own.isReached(as: $0, NetworkAddress.all(of:)) }) else { return }
        throw PluginFailure(
            .invalidArgument,
            "the topology's package \(uri) is a file of this machine, but the agent \(other) is another one",
            hint:
                "set heron.class.uploader to org.apache.heron.uploader.scheduler.SchedulerUploader; or, if every agent "
                + "has that file, \(MesosSettings.sharedPackagesKey) to true"
        )
    }
}
