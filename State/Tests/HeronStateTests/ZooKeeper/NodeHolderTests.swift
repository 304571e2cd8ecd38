import HeronState
import Testing

@testable import ZooKeeperClient

/// Ephemeral nodes whose holders are dead, alive, or elsewhere.
@Suite(.timeLimit(.minutes(1)), .enabled(if: ZooKeeperServer.isInstalled, ZooKeeperServer.missing))
struct NodeHolderTests {
    @Test("The node of a process that died on this machine is replaced at once")
    func deadHere() async throws {
        let server = try await ZooKeeperServer.shared()
        let root = freshRoot()
        let probe = try await ProbeProcess(root, connection: server.connection)
        let (one, two) = (try StatePath(.tmanagers, "one"), try StatePath(.tmanagers, "two"))
        for path in [one, two] { #expect(try await probe.run("ephemeral", "\(path)", "old") == "ok ") }
        let state = try await openState(port: server.port, root: root)
        let error = await expectError(.nodeExists) { try await state.create(one, bytes("new"), .ephemeral) }
        let message = try #require(error?.message)
        #expect(message.contains("held by process \(probe.pid) on host "), "\(message)")
        probe.kill()
        // Its session lives on for 30 seconds more.
        try await state.create(one, bytes("new"), .ephemeral)
        try await state.multi([.checkAbsent(StatePath(.pplans, "two")), .create(two, bytes("new"), .ephemeral)])
        #expect(try await state.get(one)?.text == "new")
        #expect(try await state.get(two)?.text == "new")
        await state.close()
    }

    @Test("Of several who replace a dead process's node one gets it")
    func race() async throws {
        let server = try await ZooKeeperServer.shared()
        let root = freshRoot()
        let probe = try await ProbeProcess(root, connection: server.connection)
        let path = try StatePath(.tmanagers, "T")
        #expect(try await probe.run("ephemeral", "\(path)", "old") == "ok ")
        probe.kill()
        let winners = try await withThrowingTaskGroup(of: String?.self) { group in
            for index in 0..<10 {
                group.addTask {
                    let state = try await openState(port: server.port, root: root)
                    do {
                        try await state.create(path, bytes("\(index)"), .ephemeral)
                        #expect(try await state.get(path)?.text == "\(index)")
                    } catch let error as StateError where error.code == .nodeExists {
                        await state.close()
                        return nil
                    }
                    // Keeps it until all have tried.
                    try await Task.sleep(for: .seconds(1))
                    await state.close()
                    return "\(index)"
                }
            }
            return try await group.reduce(into: []) { $0 += [$1].compactMap(\.self) }
        }
        #expect(winners.count == 1)
    }

    @Test("The node of a holder on another host stays, and the holder is named", arguments: ["host", "name space"])
    func elsewhere(_ difference: String) async throws {
        let server = try await ZooKeeperServer.shared()
        let root = freshRoot()
        let path = try StatePath(.tmanagers, "T")
        let state = try await openState(port: server.port, root: root)
        // A process that has ended, of another machine or another name space of process ids.
        let bootID = difference == "host" ? "0" : try String(contentsOfFile: "/proc/sys/kernel/random/boot_id")
        let record = "host=far\npid=999999\nstart-time=1\nboot-id=\(bootID)\npid-namespace=pid:[1]\n"
        let other = try await ZooKeeperClient.open(port: server.port)
        try await other.create("\(root)/heron-swift-sessions/x", bytes(record), isEphemeral: true, before: .soon)
        try await other.create("\(root)/\(path)", bytes("far"), isEphemeral: true, before: .soon)
        let error = await expectError(.nodeExists) { try await state.create(path, bytes("near"), .ephemeral) }
        #expect(error?.message.contains("held by process 999999 on host far (ZooKeeper session 0x") == true)
        #expect(try await state.get(path)?.text == "far")
        // As Heron's own processes hold it, without a word about who they are.
        try await other.delete("\(root)/heron-swift-sessions/x", version: nil, before: .soon)
        let unknown = await expectError(.nodeExists) { try await state.create(path, bytes("near"), .ephemeral) }
        #expect(unknown?.message.hasPrefix("the node exists already, held by ZooKeeper session 0x") == true)

        // A claim waits for the predecessor's end.
        let claiming = Task { try await state.claim(path, bytes("near")) }
        await other.close()
        try await claiming.value
        #expect(try await state.get(path)?.text == "near")
        await state.close()
    }

    @Test("Garbage where holders say who they are does no harm")
    func garbage() async throws {
        let server = try await ZooKeeperServer.shared()
        let root = freshRoot()
        let path = try StatePath(.tmanagers, "T")
        let state = try await openState(port: server.port, root: root)
        let other = try await ZooKeeperClient.open(port: server.port)
        for (name, text) in [
            "a": "", "b": "pid=", "c": "host=x\npid=-1\nstart-time=1\nboot-id=\npid-namespace=", "d": "\u{0}",
        ] {
            try await other.create(
                "\(root)/heron-swift-sessions/\(name)",
                bytes(text),
                isEphemeral: true,
                before: .soon
            )
        }
        try await other.create("\(root)/\(path)", [], isEphemeral: true, before: .soon)
        await expectError(.nodeExists) { try await state.create(path, [], .ephemeral) }
        await other.close()
        await state.close()
    }
}

extension String {
    /// The first line of a small file.
    fileprivate init(contentsOfFile path: String) throws {
        guard let line = Files.text(path)?.split(separator: "\n").first else {
            throw TestFailure("cannot read \(path)")
        }
        self = String(line)
    }
}
