import HeronState
import PluginABI
import Testing

@testable import PluginHost

/// The service `heron.host.state/1` as C sees it, wherever the state is.
@Suite(.timeLimit(.minutes(2)))
struct StateServiceTests {
    private let node = "heron-swift/words/node"

    @Test(arguments: StateBackEnd.all)
    func aNodeFromItsCreationToItsEnd(_ backEnd: StateBackEnd) async throws {
        try await backEnd.use { probe in
            try await probe.tell("create \(node) \(HERON_NODE_PERSISTENT) one")
            try await probe.tell("exists \(node)")
            #expect(try await probe.tell("get \(node)") == ["item one", "version 0"])
            #expect(try await probe.tell("set \(node) 0 two") == ["version 1"])
            #expect(try await probe.tell("set \(node) \(HERON_ANY_VERSION) three") == ["version 2"])
            #expect(try await probe.tell("set \(node) 2") == ["version 3"])
            #expect(try await probe.tell("get \(node)") == ["item ", "version 3"])
            #expect(try await probe.other.get(try own("node")) == StateNode(data: [], version: 3))
            try await probe.tell("remove \(node) 3")
            for order in ["get \(node)", "exists \(node)", "remove \(node) \(HERON_ANY_VERSION)"] {
                // Without a report: it may well be what the plugin expects.
                #expect(await probe.expect(HERON_NOT_FOUND, order).contains("state node") == false)
            }
            #expect(try await probe.other.get(try own("node")) == nil)
        }
    }

    @Test(arguments: StateBackEnd.all)
    func childrenAreSortedAndTheirParentsMade(_ backEnd: StateBackEnd) async throws {
        try await backEnd.use { probe in
            #expect(try await probe.tell("children \(node)") == [])
            for name in ["b", "ä", "a"] { try await probe.tell("create \(node)/\(name) 0 x") }
            #expect(try await probe.tell("children \(node)") == ["item a", "item b", "item ä"])
            #expect(try await probe.tell("children \(node)/a") == [])
            let said = await probe.expect(HERON_NOT_EMPTY, "remove \(node) \(HERON_ANY_VERSION)")
            #expect(said == "plugin probe: on_schedule: state node \(node): the node has children")
        }
    }

    @Test(arguments: StateBackEnd.all)
    func failuresHaveTheirStatus(_ backEnd: StateBackEnd) async throws {
        try await backEnd.use { probe in
            try await probe.tell("create \(node) 0 one")
            let said = await probe.expect(HERON_ALREADY_EXISTS, "create \(node) 0 two")
            #expect(said == "plugin probe: on_schedule: state node \(node): the node exists already")
            await probe.expect(HERON_BAD_VERSION, "set \(node) 7 two")
            await probe.expect(HERON_BAD_VERSION, "remove \(node) 7")
            await probe.expect(HERON_NOT_FOUND, "set \(node)/missing \(HERON_ANY_VERSION) two")
            await probe.expect(HERON_INVALID_ARGUMENT, "create \(node)/other 2 one")
            #expect(try await probe.tell("get \(node)") == ["item one", "version 0"])
            await probe.state.close()
            for order in ["get", "exists", "children", "create", "set", "remove"] {
                await probe.expect(HERON_CLOSED, "\(order) \(node) 0")
            }
        }
    }

    @Test(arguments: StateBackEnd.all)
    func aMultiDoesAllOrNothing(_ backEnd: StateBackEnd) async throws {
        try await backEnd.use { probe in
            func steps(lastVersion: Int) -> String {
                [
                    "multi \(HERON_STATE_CREATE) \(node)/c 0 three", "\(HERON_STATE_SET) \(node)/a 0 two",
                    "\(HERON_STATE_DELETE) \(node)/b 0", "\(HERON_STATE_CHECK) \(node)/a \(lastVersion)",
                ].joined(separator: ";")
            }
            try await probe.tell("create \(node)/a 0 one")
            try await probe.tell("create \(node)/b 0 one")
            let said = await probe.expect(HERON_BAD_VERSION, steps(lastVersion: 7))
            #expect(said.contains("state node \(node)/a: ") && said.contains("someone else has changed it"))
            #expect(try await probe.tell("children \(node)") == ["item a", "item b"])
            #expect(try await probe.tell("get \(node)/a") == ["item one", "version 0"])

            try await probe.tell(steps(lastVersion: 1))
            #expect(try await probe.tell("children \(node)") == ["item a", "item c"])
            #expect(try await probe.tell("get \(node)/a") == ["item two", "version 1"])

            await probe.expect(HERON_INVALID_ARGUMENT, "multi 9 \(node) 0")
            await probe.expect(HERON_INVALID_ARGUMENT, "multi \(HERON_STATE_CREATE) \(node)/d 2 x")
            await probe.expect(HERON_INVALID_ARGUMENT, "multi \(HERON_STATE_DELETE) a//b 0")
        }
    }

    @Test(arguments: StateBackEnd.all)
    func anEphemeralNodeEndsWithTheSession(_ backEnd: StateBackEnd) async throws {
        try await backEnd.use { probe in
            try await probe.tell("create \(node) \(HERON_NODE_EPHEMERAL) here")
            try await probe.tell("multi \(HERON_STATE_CREATE) \(node)2 \(HERON_NODE_EPHEMERAL) here, too")
            await probe.expect(HERON_INVALID_ARGUMENT, "create \(node)/child 0 x")
            for name in ["node", "node2"] {
                #expect(try await probe.other.get(try own(name)) != nil)
            }
            await probe.state.close()
            for name in ["node", "node2"] {
                for try await found in probe.other.watch(try own(name)) where found == nil { break }
            }
        }
    }

    @Test(arguments: StateBackEnd.all)
    func aWatchTellsEveryChangeUntilItIsEnded(_ backEnd: StateBackEnd) async throws {
        try await backEnd.use { probe in
            let path = try own("node")
            try await probe.tell("watch \(node)")
            try await probe.until("absent ")
            try await probe.other.create(path, Array("first".utf8), .persistent)
            try await probe.until("changed first")
            try await probe.other.set(path, Array("second".utf8), version: nil)
            try await probe.until("changed second")
            try await probe.until("to 1")
            try await probe.tell("set \(node) 1 third")
            try await probe.until("changed third")
            try await probe.tell("unwatch")
            try await probe.other.set(path, Array("fourth".utf8), version: nil)
            #expect(try await probe.tell("get \(node)") == ["item fourth", "version 3"])
            try await probe.tell("watch \(node)")
            try await probe.until("changed fourth")
            try await probe.other.delete(path, version: nil)
            while probe.host.lines.last != "absent " { try await Task.sleep(for: .milliseconds(5)) }
            #expect(probe.host.lines.count { $0 == "changed fourth" } == 1)
        }
    }

    @Test(arguments: StateBackEnd.all)
    func namesThatNoBackEndTakesAreRefused(_ backEnd: StateBackEnd) async throws {
        let long = String(repeating: "n", count: 256)
        let paths: [String] = [
            "/", "/a", "a/", "a//b", "../a", "a/..", "a/./b", "a/\(long)", "a/\u{1}", "a/\u{7F}", "a/\u{E000}",
            "a/\u{10000}", "topologies", "heron-swift", "topologies/words/child",
        ]
        try await backEnd.use { probe in
            for path in paths {
                await probe.expect(HERON_INVALID_ARGUMENT, "create \(path) 0 x")
                await probe.expect(HERON_INVALID_ARGUMENT, "multi \(HERON_STATE_CREATE) \(path) 0 x")
            }
            // Those at the end can be read.
            for path in paths.dropLast(3) + [""] {
                await probe.expect(HERON_INVALID_ARGUMENT, "get \(path)")
                await probe.expect(HERON_INVALID_ARGUMENT, "watch \(path)")
            }
            let notText = Array("state-get a/".utf8) + [0xFF]
            await #expect(throws: PluginError.self) { try await probe.scheduler.onSchedule(notText) }
            try await probe.tell("create heron-swift/words/\(long.dropLast()) 0 x")
            #expect(try await probe.tell("children heron-swift/words") == ["item \(long.dropLast())"])
        }
    }

    @Test(arguments: StateBackEnd.all)
    func everyThreadMayCall(_ backEnd: StateBackEnd) async throws {
        try await backEnd.use { probe in
            try await probe.tell("create \(node) 0 0")
            try await probe.tell("count \(node) 4")
            let counted = try await probe.tell("get \(node)")
            #expect(counted == ["item 40", "version 40"])
        }
    }
}
