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
        packages = [
            try PackageSources.topology(host).archive(PackageSources.topologyFile, caches: caches),
            try PackageSources.core(host, directory).archive(PackageSources.coreFile, caches: caches),
        ]
        hasCredentials = access("\(directory)/\(HERON_CREDENTIALS_FILE)", F_OK) == 0
    }

    private static func topology(_ host: Host) throws -> PackageAddress {
        let uri = try host.require(HERON_FACT_TOPOLOGY_PACKAGE_URI)
        return uri.hasPrefix(served) ? .published(try host.publish(file: topologyFile)) : .given(uri)
    }

    /// The core package is served by the service if the launcher has brought it into the working directory.
    private static func core(_ host: Host, _ directory: String) throws -> PackageAddress {
        if access("\(directory)/\(coreFile)", F_OK) == 0 { return .published(try host.publish(file: coreFile)) }
        return .given(try host.require(HERON_FACT_CORE_PACKAGE_URI))
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

/// Where a package is.
enum PackageAddress {
    /// Served by this service, under an address that holds the package's checksum.
    case published(String)
    /// Somewhere else; who knows what will be there later.
    case given(String)

    /// What Mesos's fetcher is to do with the package.
    ///
    /// - Parameters:
    ///   - file: the package's name where the address does not end in one.
    ///   - caches: whether agents may keep packages. What an agent has kept it never fetches again, so only what a
    ///     checksum names is kept.
    func archive(_ file: String, caches: Bool) -> MesosCommandInfo.URI {
        MesosCommandInfo.URI.with { archive in
            archive.extract = true
            archive.executable = false
            switch self {
            case .published(let uri):
                archive.value = uri
                archive.cache = caches
            case .given(let uri):
                archive.value = uri
                archive.cache = false
            }
            // Without it an address with a query would not be seen to be an archive.
            if !archive.value.hasSuffix(".tar.gz") { archive.outputFile = file }
        }
    }
}
