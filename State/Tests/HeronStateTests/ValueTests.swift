import HeronState
import Testing

/// Paths and secrets.
struct ValueTests {
    @Test(
        "No name leads out of its directory",
        arguments: ["", ".", "..", "a/b", "a\u{0}", "a\n", "\u{7F}", "\u{FFFE}"]
    )
    func names(_ name: String) async {
        await expectError(.invalidPath) { _ = try StatePath(.topologies, name) }
        await expectError(.invalidPath) { _ = try StatePath(own: name) }
        await expectError(.invalidPath) { _ = try StatePath(own: "T", name) }
    }

    @Test("Names may have 255 bytes")
    func lengths() async throws {
        _ = try StatePath(.topologies, String(repeating: "n", count: 255))
        await expectError(.invalidPath) { _ = try StatePath(.topologies, String(repeating: "n", count: 256)) }
        await expectError(.invalidPath) { _ = try StatePath([]) }
    }

    @Test("A secret is random, checked, and does not show itself")
    func secrets() {
        let secret = TopologySecret.random()
        #expect(secret.text.count == 64)
        #expect(secret != TopologySecret.random())
        #expect(TopologySecret(text: secret.text) == secret)
        #expect(TopologySecret(text: secret.text + "0") == nil)
        #expect(TopologySecret(text: secret.text.uppercased() + "g") == nil)
        #expect(secret.matches(secret.text))
        #expect(!secret.matches(String(secret.text.dropLast())))
        #expect(!secret.matches(String(secret.text.dropLast()) + "x"))
        #expect(!"\(secret) \(String(reflecting: secret)) \([secret])".contains(secret.text))
    }
}
