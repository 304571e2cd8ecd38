import Files
import Glibc
import MesosProtocol
import Testing

@testable import MesosAPI

/// Streams recorded from a real master; absent where `HERON_GOLDEN` is not set.
private let folder = getenv("HERON_GOLDEN").map { String(cString: $0) + "/mesos" }

@Suite(.enabled(if: folder != nil, "HERON_GOLDEN names no folder with recordings of Mesos"))
struct GoldenStreamTests {
    @Test func protobufStreamsSayWhatWasRecorded() throws {
        var random = SeededGenerator(1)
        var events = 0
        for name in try streams() where try isProtobuf(name) {
            let records = try decode(try bytes(name + ".body.recordio"), longestPiece: 700, &random)
            var options = BinaryDecodingOptions()
            options.discardUnknownFields = true
            let decoded = try records.map { try MesosEvent(serializedBytes: $0, partial: true, options: options) }
            let recorded = try self.recorded(name)
            #expect(decoded == recorded, "\(name)")
            events += decoded.count
        }
        #expect(events > 20)
    }

    @Test func everyStreamIsCutAsItWasRecorded() throws {
        var random = SeededGenerator(2)
        let names = try streams()
        #expect(names.count > 30)
        for name in names {
            let records = try decode(try bytes(name + ".body.recordio"), longestPiece: 3000, &random)
            let lines = try lines(name)
            #expect(records.count == lines.count, "\(name)")
        }
    }

    private func streams() throws -> [String] {
        let suffix = ".body.recordio"
        let names = Set(try folderEntries(folder ?? ""))
        return try names.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }
            .filter { names.contains($0 + ".events.jsonl") }
            .filter { try head($0).hasPrefix("HTTP/1.1 200") }.sorted()
    }

    private func isProtobuf(_ name: String) throws -> Bool {
        try head(name).contains("Content-Type: application/x-protobuf")
    }

    private func head(_ name: String) throws -> String {
        String(decoding: try bytes(name + ".response.http").prefix(1000), as: UTF8.self)
    }

    private func recorded(_ name: String) throws -> [MesosEvent] {
        var options = JSONDecodingOptions()
        options.ignoreUnknownFields = true
        return try lines(name).map { try MesosEvent(jsonUTF8Bytes: Array($0.utf8), options: options) }
    }

    /// The events as JSON: what stands in each line after `"event": `, without the line's last brace.
    private func lines(_ name: String) throws -> [Substring] {
        let text = String(decoding: try bytes(name + ".events.jsonl"), as: UTF8.self)
        return text.split(separator: "\n").compactMap { line in
            line.firstRange(of: "\"event\": ").map { line[$0.upperBound...].dropLast() }
        }
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        let file = try File(reading: (folder ?? "") + "/" + name)
        return try file.bytes(at: 0, count: Int(file.status().size))
    }
}
