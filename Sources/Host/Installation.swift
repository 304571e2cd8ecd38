import Glibc
import HeronYAML

/// The distribution that this command belongs to: the grand-parent folder of its executable.
struct Installation {
    let home: String

    var releaseFile: String { "\(home)/release.yaml" }
    var configPath: String { "\(home)/conf" }

    /// Throws ``CommandError`` if the executable does not stand in a distribution, as Heron's own command does.
    static func current() throws -> Installation {
        guard let path: UnsafeMutablePointer<CChar> = realpath("/proc/self/exe", nil) else {
            throw CommandError("cannot tell where this executable is: \(String(cString: strerror(errno)))")
        }
        defer { free(path) }
        let parts: [Substring] = String(cString: path).split(separator: "/").dropLast(2)
        let installation = Installation(home: "/" + parts.joined(separator: "/"))
        guard access(installation.releaseFile, R_OK) == 0 else {
            throw CommandError("Required file not found: \(installation.releaseFile)")
        }
        return installation
    }

    /// The entries of `release.yaml`, sorted by key.
    func release() throws -> [(key: String, value: String)] {
        let document: YAMLMap = try YAMLDocument.load(path: releaseFile).map()
        return document.entries.map { (key: $0.key, value: $0.value.stringValue ?? "\($0.value)") }.sorted {
            $0.key < $1.key
        }
    }
}
