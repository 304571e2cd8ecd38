import Files
import Glibc
import MesosProtocol

@testable import MesosDevMaster

/// Traffic recorded from a real master; see `INDEX.md` beside it.
struct Recording {
    /// Where the recordings are, nil if the environment does not say.
    static let folder: String? = getenv("HERON_GOLDEN").map { String(cString: $0) + "/mesos" }
    static var isThere: Bool { folder != nil }
    static let missing = "needs the recordings: HERON_GOLDEN is not set"

    let name: String
    let requestHead: [String]
    let requestBody: [UInt8]
    let responseHead: [String]
    let responseBody: [UInt8]
    /// Of a stream, without the notes.
    let events: [JSONValue]
    /// Of a stream, what was done and what came then.
    let steps: [(note: String, events: [JSONValue])]

    init(_ name: String) throws {
        self.name = name
        (requestHead, requestBody) = Self.split(try Self.read("\(name).request.http"))
        (responseHead, responseBody) = Self.split(try Self.read("\(name).response.http"))
        let lines = (try? Self.read("\(name).events.jsonl")) ?? []
        let entries = try lines.split(separator: 0x0A).map { try JSONValue(parsing: $0) }
        events = entries.compactMap { $0["event"] }
        var steps: [(note: String, events: [JSONValue])] = []
        for entry in entries {
            if let note = entry["note"]?.string { steps.append((note, [])) }
            if let event = entry["event"], !steps.isEmpty { steps[steps.count - 1].events.append(event) }
        }
        self.steps = steps.filter { Self.isThere("\(name.prefix { $0 != "-" })-\($0.note)") }
    }

    /// The framework id of a recorded stream.
    static func framework(of recording: Recording) -> String {
        recording.events.lazy.compactMap { $0["subscribed"]?["framework_id"]?["value"]?.string }.first ?? ""
    }

    /// The id of a recorded stream.
    var streamID: String? { Self.header("Mesos-Stream-Id", in: responseHead) }

    /// The call of the request's body.
    var call: MesosCall {
        get throws {
            guard !isProtobuf else { return try MesosCall(serializedBytes: requestBody, partial: true) }
            return try MessageJSON.message(try JSONValue(parsing: requestBody))
        }
    }

    var status: Int { responseHead[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }
    var isProtobuf: Bool { requestHead.contains("Content-Type: application/x-protobuf") }

    /// The names of all recordings with a prefix, those of requests with an answer.
    static func names(_ prefix: String) -> [String] {
        guard let folder, let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let suffix = ".response.http"
            if name.hasPrefix(prefix), name.hasSuffix(suffix) { names.append(String(name.dropLast(suffix.count))) }
        }
        return names.sorted()
    }

    static func header(_ name: String, in head: [String]) -> String? {
        let prefix = name.lowercased() + ":"
        return head.first { $0.lowercased().hasPrefix(prefix) }
            .map { String($0.dropFirst(prefix.count).drop { $0 == " " }) }
    }

    /// The request with recorded ids replaced.
    func request(_ ids: IDMap) throws -> [UInt8] {
        var body = requestBody
        if isProtobuf, let call = try? MesosCall(serializedBytes: body) {
            let text = ids.replace(in: MessageJSON.value(call).text)
            let message: MesosCall = try MessageJSON.message(try JSONValue(parsing: text.utf8))
            body = try message.serializedBytes()
        } else if !isProtobuf {
            body = Array(ids.replace(in: String(decoding: body, as: UTF8.self)).utf8)
        }
        let isChunked = Self.header("Transfer-Encoding", in: requestHead) != nil
        let head = requestHead.map { line in
            line.hasPrefix("Content-Length:") ? "Content-Length: \(body.count)" : ids.replace(in: line)
        }
        if isChunked { body = Array(ids.replaceKeepingLength(in: String(decoding: requestBody, as: UTF8.self)).utf8) }
        return Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }

    private static func isThere(_ name: String) -> Bool {
        access((folder ?? "") + "/\(name).request.http", R_OK) == 0
    }

    private static func split(_ bytes: [UInt8]) -> ([String], [UInt8]) {
        let mark = Array("\r\n\r\n".utf8)
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: mark) }) else { return ([], bytes) }
        let head = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n").map { String($0) }
        return (head, Array(bytes[(end + 4)...]))
    }

    private static func read(_ name: String) throws -> [UInt8] {
        let file = try File(reading: (folder ?? "") + "/" + name)
        defer { try? file.close() }
        return try file.bytes(at: 0, count: Int(try file.status().size))
    }
}

/// Which ids of ours stand for the recorded ones.
struct IDMap {
    private var pairs: [String: String] = [:]

    mutating func add(_ recorded: String?, _ ours: String?) {
        if let recorded, let ours { pairs[recorded] = ours }
    }

    subscript(recorded: String) -> String? { pairs[recorded] }

    /// The longest first: an offer's id may begin with another's.
    func replace(in text: String) -> String {
        var text = text
        for (recorded, ours) in pairs.sorted(by: { $0.key.utf8.count > $1.key.utf8.count }) {
            text = text.split(separator: recorded, omittingEmptySubsequences: false).joined(separator: ours)
        }
        return text
    }

    /// As ``replace(in:)``, of ids of the same length only.
    func replaceKeepingLength(in text: String) -> String {
        var same = IDMap()
        for (recorded, ours) in pairs where recorded.utf8.count == ours.utf8.count { same.add(recorded, ours) }
        return same.replace(in: text)
    }
}
