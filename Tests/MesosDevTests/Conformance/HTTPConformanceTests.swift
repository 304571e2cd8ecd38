import Testing

@testable import MesosDevMaster

/// Requests that a real master answered, sent to ours: the same status, headers and text.
@Suite(.enabled(if: Recording.isThere, "\(Recording.missing)"), .timeLimit(.minutes(1)))
struct HTTPConformanceTests {
    /// Headers of answers that clients look at.
    private static let headers = ["Content-Type", "WWW-Authenticate", "Allow", "Content-Length"]

    @Test("malformed and unexpected requests are answered as recorded")
    func malformed() async throws {
        try await MasterHarness.run { harness in
            let stream = try Recording("07a-stream")
            let client = try await RecordedStream(stream, harness)
            // What compresses, and what is a page of its own.
            let left: Set = ["07a-stream", "07a-teardown", "07a-state-gzip"]
            for name in Recording.names("07a-") where !left.contains(name) {
                try await compare(try Recording(name), client.ids, harness)
            }
            try await compare(try Recording("07a-teardown"), client.ids, harness)
        }
    }

    @Test("credentials are asked for as recorded")
    func credentials() async throws {
        let credentials = try BasicCredentials(
            parsing: Array(
                #"{"credentials":[{"principal":"swiftfw","secret":"s3cret"},{"principal":"other","secret":"other"}]}"#
                    .utf8
            )
        )
        try await MasterHarness.run(credentials: credentials) { harness in
            for name in Recording.names("09-") where try Recording(name).status == 401 {
                try await compare(try Recording(name), IDMap(), harness)
            }
            for name in ["09-health-no-credentials", "09-version-no-credentials"] {
                let recording = try Recording(name)
                let (connection, response) = try await harness.send(try recording.request(IDMap()))
                #expect(response.status == recording.status, "\(name)")
                connection.close()
            }
        }
    }

    @Test("masters that do not lead redirect as recorded")
    func redirects() async throws {
        try await MasterHarness.run { harness in
            await harness.master.lead(.follower(of: "127.0.0.1:5071"))
            for name in Recording.names("11-nonleader-") where try Recording(name).status == 307 {
                if name.contains("during-election-1") { continue }
                try await compare(try Recording(name), IDMap(), harness)
            }
            await harness.master.lead(.none)
            for name in Recording.names("11b-no-leader-") {
                try await compare(try Recording(name), IDMap(), harness)
            }
        }
    }

    @Test("operators' calls that fail are answered as recorded")
    func operatorCalls() async throws {
        try await MasterHarness.run { harness in
            for name in [
                "08b-operator-teardown-form", "10-operator-bad-json", "10-operator-bad-type", "10-get-nope",
                "10-get-state.json", "10-get-api_v1", "10-get-health", "10-get-master_health",
            ] {
                try await compare(try Recording(name), IDMap(), harness)
            }
        }
    }

    private func compare(_ recording: Recording, _ ids: IDMap, _ harness: MasterHarness) async throws {
        var (connection, response) = try await harness.send(try recording.request(ids))
        defer { connection.close() }
        #expect(response.status == recording.status, "\(recording.name)")
        for name in Self.headers {
            let recorded = Recording.header(name, in: recording.responseHead)
            #expect(response.header(name) == recorded, "\(recording.name): \(name)")
        }
        if let location = Recording.header("Location", in: recording.responseHead) {
            let isOwn = !location.contains("/master") && !location.contains("5071")
            #expect(isOwn || response.header("Location") == location, "\(recording.name): Location")
        }
        guard recording.requestHead.first?.hasPrefix("HEAD ") != true else { return }
        let text = Shape.masked(try await response.body())
        let recorded = Shape.masked(ids.replace(in: String(decoding: recording.responseBody, as: UTF8.self)))
        #expect(text == recorded, "\(recording.name)")
    }
}
