import Glibc
import HeronConfig
import Testing

/// A folder that vanishes with the object.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template: [CChar] = Array("/tmp/heron-config-XXXXXX".utf8CString)
        let made = mkdtemp(&template)
        path = String(cString: try #require(made))
    }

    deinit { TemporaryFolder.remove(path) }

    /// Writes a file, with the folders above it.
    func write(_ name: String, _ text: String) throws {
        let parts = name.split(separator: "/").dropLast()
        var folder: String = path
        for part in parts {
            folder += "/\(part)"
            mkdir(folder, 0o755)
        }
        let file = try #require(fopen("\(path)/\(name)", "w"))
        fputs(text, file)
        fclose(file)
    }

    private static func remove(_ path: String) {
        guard let directory = opendir(path) else {
            unlink(path)
            return
        }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { remove("\(path)/\(name)") }
        }
        closedir(directory)
        rmdir(path)
    }
}

let alice = UserEnvironment(home: "/home/alice", javaHome: "/opt/java", loginName: "alice")

/// The path of the repository.
let repository: String = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()

/// The folder with the data that Heron itself made, if there is one.
let golden: String? = getenv("HERON_GOLDEN").map { String(cString: $0) }

func read(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "r"), "cannot open \(path)")
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF { bytes.append(UInt8(byte)) }
    return bytes
}

/// The message of the error that the body throws.
func message(_ body: () throws -> some Any) -> String {
    do {
        _ = try body()
        return "no error"
    } catch {
        return "\(error)"
    }
}

extension CommandKeys {
    static let local = CommandKeys(
        place: ClusterRoleEnviron(cluster: "local", role: "alice", environ: "default"),
        submitUser: "alice"
    )
}

extension ClientSource {
    /// A source in a folder whose `local` has the cluster's files.
    init(_ folder: TemporaryFolder, _ properties: [ConfigProperty] = [], topology: TopologyKeys? = nil) {
        self.init(
            home: folder.path,
            directory: "\(folder.path)/local",
            properties: properties,
            command: .local,
            topology: topology
        )
    }
}
