import Files
import HeronConfig
import PackageFiles

/// The core package's program for C++ spouts and bolts. Ours has none; Apache Heron's own has.
struct NativeInstance {
    private static let name = "heron-cpp-instance"

    let config: Config

    /// Throws ``SubmissionError`` if the core package lacks the program, as far as it can be looked into from here.
    func check(for file: TopologyFile) throws {
        if try config.bool(.usesCorePackageURI) {
            let uri: String = try config.string(.corePackageURI)
            let isElsewhere: Bool = uri.contains("://") && !uri.hasPrefix("file:")
            guard try isElsewhere || packageHasMember("heron-core/bin/\(NativeInstance.name)", uri: uri) else {
                throw refusal(of: file, corePackage: uri, key: Config.Key<String>.corePackageURI.name)
            }
        } else {
            let folder: String = try config.string(.corePackageDirectory)
            guard try FileStatus.ifPresent("\(folder)/bin/\(NativeInstance.name)") != nil else {
                throw refusal(of: file, corePackage: folder, key: Config.Key<String>.corePackageDirectory.name)
            }
        }
    }

    private func refusal(of file: TopologyFile, corePackage: String, key: String) -> SubmissionError {
        SubmissionError(
            "topology file '\(file.givenPath)' is in C++, and the core package '\(corePackage)' has no"
                + " \(NativeInstance.name)",
            hint: "set \(key) to a core package of Apache Heron"
        )
    }
}
