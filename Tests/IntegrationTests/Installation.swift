import Glibc

/// The distribution under test, assembled from this build.
enum Installation {
    /// Its HERON_HOME; nil where the tests are run without one.
    static let home: String? = getenv("HERON_TEST_HOME").map { String(cString: $0) }

    static let missing = "needs HERON_TEST_HOME, a distribution made by scripts/dist.sh; 'make test' sets it"

    /// This folder, for topologies and scripts.
    static let folder: String = String(#filePath.prefix(upTo: #filePath.lastIndex(of: "/") ?? #filePath.startIndex))
}
