import PluginABI

/// What a class of a plugin does. The raw value is the name in a manifest's `classes`.
public enum PluginKind: String, Sendable, CaseIterable {
    case scheduler
    case launcher

    /// The factory that the library must have for this kind.
    package var factoryID: String {
        switch self {
        case .scheduler: HERON_SCHEDULER_FACTORY
        case .launcher: HERON_LAUNCHER_FACTORY
        }
    }
}

/// Where a scheduler's containers run. The raw value is that of a manifest's `containers`.
public enum ContainerPlace: String, Sendable, CaseIterable {
    /// On the scheduler's own machine: whoever takes the scheduler's place must be there too.
    case local
    /// On machines of a cluster, which every machine with the cluster's configuration can reach.
    case remote
}

/// A version of the ABI.
public struct ABIVersion: Sendable, Hashable, CustomStringConvertible {
    public let major: UInt32
    public let minor: UInt32

    public init(major: UInt32, minor: UInt32) {
        self.major = major
        self.minor = minor
    }

    /// The version that this host speaks.
    public static let host = ABIVersion(major: UInt32(HERON_ABI_MAJOR), minor: UInt32(HERON_ABI_MINOR))

    public var description: String { "\(major).\(minor)" }
}

/// What a plugin says about itself in `plugin.yaml`, so that nothing has to be loaded to find out.
public struct PluginManifest: Sendable, Hashable {
    public let name: String
    public let version: String
    public let abi: ABIVersion
    /// The folder that holds the manifest and the library; absolute, without symbolic links.
    public let folder: String
    /// The library's file name inside the folder.
    public let library: String
    /// The classes it answers to, as written.
    public let classes: [PluginKind: [String]]
    /// Where its scheduler's containers run.
    public let containers: ContainerPlace
    /// The configuration keys it reads.
    public let configKeys: [PluginConfigKey]
    /// The library's SHA-256 in lower-case hexadecimal digits, if the manifest states one.
    public let sha256: String?
    /// What is odd about the manifest without making it useless, such as unknown fields; one line each.
    public let warnings: [String]

    /// The manifest's own path.
    public var path: String { "\(folder)/\(PluginManifest.fileName)" }
    /// The library's path.
    public var libraryPath: String { "\(folder)/\(library)" }

    /// The name that every manifest has.
    public static let fileName = "plugin.yaml"

    /// Whether the plugin says that it has the class, under its present or its former name.
    public func claims(_ kind: PluginKind, _ className: String) -> Bool {
        let wanted = ClassName.canonical(className)
        return classes[kind, default: []].contains { ClassName.canonical($0) == wanted }
    }

    /// Fails if the plugin speaks another ABI than this host.
    func checkABI() throws {
        guard abi.major == ABIVersion.host.major else {
            throw PluginError.wrongABI(plugin: name, version: version, abi: abi)
        }
    }
}

extension PluginError {
    /// Plugin and host cannot talk to each other: says which of the two has to be replaced.
    static func wrongABI(plugin: String, version: String, abi: ABIVersion) -> PluginError {
        let older: Bool = abi.major < ABIVersion.host.major
        return PluginError(
            .wrongABI,
            plugin: plugin,
            "\(plugin) \(version) needs ABI \(abi.major).x, this heron offers \(ABIVersion.host)",
            hint: older ? "rebuild the plugin with this heron's headers" : "use a newer heron, or an older \(plugin)"
        )
    }
}
