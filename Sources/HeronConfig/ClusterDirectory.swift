import Files
import HeronYAML

/// The configuration directory of one cluster, `<config-path>/<cluster>`.
public struct ClusterDirectory: Sendable, Hashable {
    public let cluster: String
    public let path: String

    /// Finds a cluster's directory. Throws ``ConfigError`` `unknownCluster`, which lists the clusters that there are.
    public init(cluster: String, in configPath: String) throws {
        guard ClusterDirectory.isFolder(configPath) else {
            throw ConfigError(.unknownCluster, "the configuration directory '\(configPath)' does not exist")
        }
        self.cluster = cluster
        path = "\(configPath)/\(cluster)"
        guard ClusterDirectory.isFolder(path) else { throw ClusterDirectory.unknown(cluster, configPath) }
    }

    /// The clusters that have a directory, sorted. Throws ``FileError`` if the path cannot be read.
    public static func clusters(in configPath: String) throws -> [String] {
        try folderEntries(configPath).filter { !$0.hasPrefix(".") && isFolder("\(configPath)/\($0)") }
    }

    /// What the cluster's `client.yaml` demands of the command line. Throws ``YAMLError`` or ``ConfigError``.
    public func clientRequirements() throws -> ClientRequirements {
        let file: String = "\(path)/client.yaml"
        guard let map = try YAMLDocument.loadIfPresent(path: file)?.map() else { return ClientRequirements() }
        func required(_ key: String) throws -> Origin? {
            guard let entry = map.entry(key), entry.value != .null else { return nil }
            let origin: Origin = .file(file, line: entry.line)
            let value: Config.Entry = Config.Entry(entry.value, origin)
            guard let isRequired = entry.value.boolValue else {
                throw ConfigError.wrongType(key, value, expected: Bool.expectation)
            }
            return isRequired ? origin : nil
        }
        return ClientRequirements(
            roleRequiredBy: try required(ClientRequirements.role),
            environRequiredBy: try required(ClientRequirements.environ)
        )
    }

    private static func isFolder(_ path: String) -> Bool {
        (try? FileStatus(following: path))?.kind == .folder
    }

    private static func unknown(_ cluster: String, _ configPath: String) -> ConfigError {
        let clusters: [String] = (try? self.clusters(in: configPath)) ?? []
        let list: String = clusters.isEmpty ? "there are none" : "there are: \(clusters.joined(separator: ", "))"
        let nearest: String? = EditDistance.nearest(to: cluster, among: clusters)
        let advice: String = nearest.map { "; did you mean '\($0)'?" } ?? ""
        return ConfigError(.unknownCluster, "there is no cluster '\(cluster)' in \(configPath), \(list)\(advice)")
    }
}

/// The parts of `cluster/[role]/[environ]` that a cluster's `client.yaml` requires, with the line that says so.
public struct ClientRequirements: Sendable, Hashable {
    public var roleRequiredBy: Origin?
    public var environRequiredBy: Origin?

    public init(roleRequiredBy: Origin? = nil, environRequiredBy: Origin? = nil) {
        self.roleRequiredBy = roleRequiredBy
        self.environRequiredBy = environRequiredBy
    }

    static let role = "heron.config.is.role.required"
    static let environ = "heron.config.is.env.required"
}
