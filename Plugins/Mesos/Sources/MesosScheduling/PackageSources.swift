import Files
import Glibc
import MesosProtocol
import PluginABI
import PluginKit

/// From where agents fetch what a task needs.
struct PackageSources {
    /// In the order in which they are to be unpacked: Heron's own, the topology's package first.
    let packages: [MesosCommandInfo.URI]
    private let host: Host
    private let hasCredentials: Bool

    /// The names of packages in the scheduler's working directory.
    static let topologyFile = "topology.tar.gz"
    static let coreFile = "heron-core.tar.gz"

    /// What a topology's package URI begins with if the scheduler service serves it.
    private static let served = "scheduler:"

    init(_ host: Host, directory: String, caches: Bool) throws {
        self.host = host
        var packages: [MesosCommandInfo.URI] = []
        let topology = try host.require(HERON_FACT_TOPOLOGY_PACKAGE_URI)
        packages.append(
            PackageSources.archive(
                topology.hasPrefix(PackageSources.served)
                    ? try host.publish(file: PackageSources.topologyFile) : topology,
                PackageSources.topologyFile,
                caches
            )
        )
        let core = try PackageSources.core(host, directory)
        packages.append(PackageSources.archive(core, PackageSources.coreFile, caches))
        self.packages = packages
        hasCredentials = access("\(directory)/\(HERON_CREDENTIALS_FILE)", F_OK) == 0
    }

    /// The core package is served by the service if the launcher has brought it into the working directory.
    private static func core(_ host: Host, _ directory: String) throws -> String {
        if access("\(directory)/\(coreFile)", F_OK) == 0 { return try host.publish(file: coreFile) }
        return try host.require(HERON_FACT_CORE_PACKAGE_URI)
    }

    private static func archive(_ uri: String, _ file: String, _ caches: Bool) -> MesosCommandInfo.URI {
        MesosCommandInfo.URI.with { archive in
            archive.value = uri
            archive.extract = true
            archive.executable = false
            // A cached package is never fetched again, so only what a checksum names is cached.
            archive.cache = caches && uri.contains("/packages/")
            // Without it an address with a query would not be seen to be an archive.
            if !uri.hasSuffix(".tar.gz") { archive.outputFile = file }
        }
    }

    /// The file that lets a container into the state, behind an address that works once; nil if none is needed.
    func credentials() throws -> MesosCommandInfo.URI? {
        guard hasCredentials else { return nil }
        let uri = try host.publishOnce(file: HERON_CREDENTIALS_FILE)
        return MesosCommandInfo.URI.with { file in
            file.value = uri
            file.extract = false
            file.executable = false
            file.cache = false
            file.outputFile = HERON_CREDENTIALS_FILE
        }
    }
}
