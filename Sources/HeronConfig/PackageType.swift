/// What kind of file a topology comes in; the raw values are those of the executor's `--pkg-type`.
public enum PackageType: String, Sendable, Hashable, CaseIterable {
    case jar, tar, pex, so, dylib

    /// The type of a topology file, by its name's ending in any case.
    ///
    /// `.tar.gz` is a tar. A `.py` file counts as `pex`, which is how our Python instance imports either.
    /// Throws ``ConfigError`` `unknownPackageType`.
    public init(topologyFile name: String) throws {
        let lower: String = name.lowercased()
        let endings: [(String, PackageType)] = [
            (".jar", .jar), (".tar", .tar), (".tar.gz", .tar), (".pex", .pex), (".py", .pex), (".so", .so),
            (".dylib", .dylib),
        ]
        guard let match = endings.first(where: { lower.hasSuffix($0.0) }) else {
            throw ConfigError(
                .unknownPackageType,
                "unknown type of topology file '\(name)': use a .pex, .py, .jar, .tar, .tar.gz, .so or .dylib file"
            )
        }
        self = match.1
    }
}
