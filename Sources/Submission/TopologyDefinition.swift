import Files
import HeronModel
import Packing

/// A topology as its program defined it: the message and the file that holds it.
public struct TopologyDefinition: Sendable {
    public let topology: Topology
    /// The `.defn` file, an absolute path.
    public let path: String

    /// The file's name: `<topology name>.defn`.
    public var fileName: String { "\(topology.name).defn" }

    /// Larger definitions are refused: no state can hold them, and nothing here reads without a bound.
    static let maximumBytes = 64 << 20

    /// The definitions that a program wrote into a folder, sorted by file name.
    ///
    /// Throws ``SubmissionError`` if there is none, or one cannot be read or is not what its name says.
    static func all(in folder: String, writtenBy program: String) throws -> [TopologyDefinition] {
        let names: [String] = try folderEntries(folder).filter { $0.hasSuffix(".defn") }.sorted()
        guard !names.isEmpty else {
            throw SubmissionError(
                "'\(program)' ended without an error but wrote no topology definition",
                hint:
                    "its main must build a topology, with a name without '/', and submit it before it ends or calls"
                    + " exit (HeronSubmitter.submitTopology; build_and_submit)"
            )
        }
        return try names.map { try TopologyDefinition(path: "\(folder)/\($0)", writtenBy: program) }
    }

    init(path: String, writtenBy program: String) throws {
        self.path = path
        let fileName: String = baseName(path)
        let bytes: [UInt8] = try TopologyDefinition.read(path, writtenBy: program)
        do {
            topology = try Topology(serializedBytes: bytes)
        } catch {
            throw SubmissionError(
                "'\(program)' wrote '\(fileName)', which is no topology definition: it is damaged or incomplete",
                hint: "write it with Heron's API or heronpy"
            )
        }
        let objections: [String] = TopologyValidator.nameViolations(topology.name)
        guard objections.isEmpty else {
            throw SubmissionError(
                "'\(program)' defines a topology with the invalid name \(quoted(topology.name)): "
                    + objections.joined(separator: ", "),
                hint: "give it another name"
            )
        }
        guard fileName == "\(topology.name).defn" else {
            throw SubmissionError(
                "'\(program)' wrote '\(fileName)', but the topology in it is named '\(topology.name)'",
                hint: "the file must be named after the topology"
            )
        }
    }

    private static func read(_ path: String, writtenBy program: String) throws -> [UInt8] {
        let file = try File(reading: path)
        let status: FileStatus = try file.status()
        guard status.size <= maximumBytes else {
            throw SubmissionError(
                "'\(program)' wrote '\(baseName(path))', which is larger than a definition may be",
                hint: "keep what makes it larger than \(maximumBytes >> 20) MiB out of the topology's configuration"
            )
        }
        return try file.bytes(at: 0, count: Int(status.size))
    }
}
