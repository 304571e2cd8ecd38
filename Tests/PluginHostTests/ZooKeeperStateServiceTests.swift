import HeronState
import PluginABI
import Testing
import ZooKeeperClient
import ZooKeeperTesting

/// What only a state on servers can do to a plugin.
@Suite(
    .serialized,
    .enabled(if: ZooKeeperServer.isInstalled, "\(ZooKeeperServer.missing)"),
    .timeLimit(.minutes(2))
)
struct ZooKeeperStateServiceTests {
    private let node = "heron-swift/words/node"

    @Test func aNodeOfOthersSaysSo() async throws {
        let server = try await ZooKeeperServer.shared()
        try await StateProbe.use(server) { probe in
            let root = String(probe.state.location.drop { $0 != "/" })
            let owner = try await ZooKeeperClient.open(
                ZooKeeperOptions(
                    connection: try ZooKeeperConnection(parsing: server.connection),
                    credentials: ZooKeeperCredentials(user: "alice", password: "hush")
                )
            ) { _, _ in }
            try await probe.tell("create heron-swift/words/mine 0 x")
            let deadline: ContinuousClock.Instant = .now + .seconds(30)
            try await owner.create("\(root)/\(node)", Array("x".utf8), isEphemeral: false, before: deadline)

            for order in ["get", "exists", "children", "set \(node) 0 y", "create \(node)/child 0 y"] {
                let said = await probe.expect(
                    HERON_PERMISSION_DENIED,
                    order.contains(" ") ? order : "\(order) \(node)"
                )
                #expect(said.contains("the node's ACL does not let a client without credentials do that"), "\(order)")
            }
            let steps = "multi \(HERON_STATE_CREATE) \(node)2 0 x;\(HERON_STATE_SET) \(node) 0 y"
            await probe.expect(HERON_PERMISSION_DENIED, steps)
            #expect(try await probe.tell("children heron-swift/words") == ["item mine", "item node"])

            try await probe.tell("watch \(node)")
            try await probe.until("broken \(HERON_PERMISSION_DENIED)")
            let why = probe.host.lines.filter { $0.hasPrefix("a watch has ended: state node \(node): the node's ACL") }
            #expect(why.count == 1)
            await owner.close()
        }
    }

    @Test func whatIsTooLargeIsRefusedWithItsSize() async throws {
        try await StateProbe.use(try await ZooKeeperServer.shared()) { probe in
            let tooLarge = await probe.expect(HERON_INVALID_ARGUMENT, "fill \(node) 1100000 1")
            #expect(tooLarge.contains("state node \(node)0: 1100000 bytes are more than the"))
            let together = await probe.expect(HERON_INVALID_ARGUMENT, "fill \(node) 600000 2")
            #expect(together.contains("bytes are more than the 1048575 that ZooKeeper takes in one step"))
            #expect(try await probe.tell("children heron-swift/words") == [])
            try await probe.tell("fill \(node) 1000000 1")
            try await probe.tell("fill \(node)s 500000 2")
            #expect(try await probe.other.get(try own("node0"))?.data.count == 1_000_000)
        }
    }

    /// What changes while the server is away, or just after, reaches the plugin's watcher; its nodes stand.
    @Test func aWatchOutlivesTheServer() async throws {
        try await ZooKeeperServer.use { server in
            try await StateProbe.use(server) { probe in
                try await probe.tell("create \(node)2 \(HERON_NODE_EPHEMERAL) here")
                try await probe.tell("watch \(node)")
                try await probe.until("absent ")
                for round in 1...3 {
                    await server.kill()
                    try await server.restart()
                    try await probe.reachServer()
                    try await probe.other.put(try own("node"), "round \(round)")
                    try await probe.until("changed round \(round)")
                    #expect(try await probe.tell("get \(node)2") == ["item here", "version 0"])
                }
            }
        }
    }

    @Test func callsFailInTimeWhileTheServerIsAway() async throws {
        try await ZooKeeperServer.use { server in
            var settings = StateSettings(connection: server.connection, rootPath: "/away")
            settings.timeout = .seconds(1)
            let others = StateSettings(connection: "localhost:\(server.port)", rootPath: "/away")
            try await StateProbe.use(settings, others) { probe in
                try await probe.tell("create \(node) 0 x")
                await server.kill()
                for order in ["get", "exists", "children", "set", "remove"] {
                    let said = await probe.expect(HERON_UNAVAILABLE, or: HERON_TIMEOUT, "\(order) \(node) 0")
                    #expect(said.contains("ZooKeeper at \(server.connection)"))
                }
                try await server.restart()
                try await probe.reachServer()
                #expect(try await probe.tell("exists \(node)") == [])
            }
        }
    }
}

extension StateProbe {
    /// Waits until both sessions have a server again.
    fileprivate func reachServer() async throws {
        for state in [state, other] {
            while true {
                do {
                    _ = try await state.get(try own("any"))
                    break
                } catch let error as StateError where [.connectionLost, .timeout].contains(error.code) {
                    continue
                }
            }
        }
    }
}

extension StateManager {
    fileprivate func put(_ path: StatePath, _ text: String) async throws {
        if try await get(path) == nil {
            try await create(path, Array(text.utf8), .persistent)
        } else {
            try await set(path, Array(text.utf8), version: nil)
        }
    }
}
