import FoundationEssentials
import Glibc
import HeronState

/// Where a topology's scheduler service belongs, so that any later command can start it again.
///
/// Kept as JSON in the state, in our own node `heron-swift/<topology>/service`.
public struct ServiceRecord: Codable, Sendable, Hashable {
    /// The machine with the working directory.
    public var host: String
    /// The prepared directory in which the service runs.
    public var workingDirectory: String
    /// The topology's file in that directory.
    public var topologyFile: String
    /// Where the uploader put the topology's package.
    public var packageURI: String
    /// Where containers fetch the core package from, as the submitter saw it; nil if they do not.
    public var corePackageURI: String?
    /// The role and environ with which it was submitted.
    public var role: String
    public var environ: String

    public init(
        host: String,
        workingDirectory: String,
        topologyFile: String,
        packageURI: String,
        corePackageURI: String?,
        role: String,
        environ: String
    ) {
        self.packageURI = packageURI
        self.corePackageURI = corePackageURI
        self.host = host
        self.workingDirectory = workingDirectory
        self.topologyFile = topologyFile
        self.role = role
        self.environ = environ
    }

    enum CodingKeys: String, CodingKey {
        case host
        case workingDirectory = "working_directory"
        case topologyFile = "topology_file"
        case packageURI = "package_uri"
        case corePackageURI = "core_package_uri"
        case role
        case environ
    }

    /// This machine's name, as ``host`` names it.
    public static func ownHost() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Whether a path is a directory on this machine.
    public static func isDirectory(_ path: String) -> Bool {
        var status: stat = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Writes the record, whether or not there is one.
    public func save(_ topology: String, in state: any StateManager) async throws {
        let path = try StatePath(own: topology, "service")
        let bytes = [UInt8](try JSONEncoder().encode(self))
        do {
            try await state.create(path, bytes, .persistent)
        } catch let error as StateError where error.code == .nodeExists {
            try await state.set(path, bytes, version: nil)
        }
    }

    /// The record of a topology, or nil if its scheduler has no service.
    public static func load(_ topology: String, from state: any StateManager) async throws -> ServiceRecord? {
        let path = try StatePath(own: topology, "service")
        guard let node: StateNode = try await state.get(path) else { return nil }
        do {
            return try JSONDecoder().decode(ServiceRecord.self, from: Data(node.data))
        } catch {
            throw StateError(.corrupted, path: path.description, "is not the record of a scheduler service")
        }
    }
}
