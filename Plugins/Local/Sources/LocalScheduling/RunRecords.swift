import Files
import Glibc
import Processes

/// One running container, as a later scheduler has to know it.
public struct RunRecord: Sendable, Hashable {
    public let container: Int32
    public let attempt: UInt32
    /// The executor.
    public let process: ProcessIdentity
    public let ports: [UInt16]

    public init(container: Int32, attempt: UInt32, process: ProcessIdentity, ports: [UInt16]) {
        self.container = container
        self.attempt = attempt
        self.process = process
        self.ports = ports
    }
}

/// The file in the working directory that tells a restarted scheduler what runs.
///
/// One line per container: `container attempt ports pid start-time boot-id`, ports separated by commas.
public struct RunRecords: Sendable, Hashable {
    public var records: [RunRecord]

    public init(_ records: [RunRecord]) {
        self.records = records
    }

    static let fileName = ".heron-containers"
    private static let heading = "heron-local 1"

    /// The records as text, ordered by container.
    public var text: String {
        let lines = records.sorted { $0.container < $1.container }.map { record in
            let ports = record.ports.map(String.init).joined(separator: ",")
            return "\(record.container) \(record.attempt) \(ports) \(record.process)"
        }
        return ([RunRecords.heading] + lines).map { $0 + "\n" }.joined()
    }

    /// Reads what ``text`` wrote; nil for anything else.
    public init?(text: String) {
        var lines = text.split(separator: "\n")[...]
        guard lines.popFirst() == Substring(RunRecords.heading) else { return nil }
        var records: [RunRecord] = []
        for line in lines {
            guard let record = RunRecord(line: line) else { return nil }
            records.append(record)
        }
        self.records = records
    }

    /// The records in a working directory; nil if there are none, or none that can be read.
    static func load(directory: String) throws -> RunRecords? {
        let path = "\(directory)/\(fileName)"
        guard try FileStatus.ifPresent(path) != nil else { return nil }
        let file = try File(reading: path)
        let bytes = try file.bytes(at: 0, count: Int(try file.status().size))
        try file.close()
        return RunRecords(text: String(decoding: bytes, as: UTF8.self))
    }

    /// Replaces the records in a working directory, in one step.
    ///
    /// Nothing is flushed to the disk: after a crash of the machine none of the processes runs any more.
    func save(directory: String) throws {
        let temporary = "\(directory)/\(temporaryName(for: "heron-containers"))"
        let file = try File(creating: temporary, permissions: 0o600)
        do {
            try Array(text.utf8).withUnsafeBytes { try file.write($0) }
            try file.close()
            try renameFile(temporary, to: "\(directory)/\(RunRecords.fileName)")
        } catch {
            unlink(temporary)
            throw error
        }
    }
}

extension RunRecord {
    fileprivate init?(line: Substring) {
        let parts = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, let container = Int32(parts[0]), container >= 0, let attempt = UInt32(parts[1]),
            let process = ProcessIdentity(String(parts[3]))
        else { return nil }
        let ports = parts[2].split(separator: ",", omittingEmptySubsequences: false).map { UInt16($0) }
        guard !ports.contains(nil) else { return nil }
        self.init(container: container, attempt: attempt, process: process, ports: ports.compactMap(\.self))
    }
}
