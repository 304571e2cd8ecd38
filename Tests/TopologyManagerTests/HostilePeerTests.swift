import Glibc
import HTTPTesting
import HeronModel
import Testing

@testable import TopologyManagerCore

/// Peers that mean harm, or are broken, beside good stream managers.
@Suite("Topology manager: hostile peers", .timeLimit(.minutes(2)))
struct HostilePeerTests {
    /// What a peer sends before it falls silent.
    enum Greeting: CaseIterable {
        case nothing
        /// The length of a packet of 1 MB that does not come.
        case announcement
        case half

        var bytes: [UInt8] {
            switch self {
            case .nothing: []
            case .announcement: [0, 0x0F, 0xFF, 0xFF, 0, 0, 0, 34]
            case .half: [0, 0, 1, 0, 0, 0, 0, 10] + Array("heron.prot".utf8) + Array(repeating: 7, count: 100)
            }
        }
    }

    /// Bytes that end a connection.
    static let broken: [(String, [UInt8])] = [
        ("a packet of 2 GB", [0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 34]),
        ("a negative length", [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 34]),
        ("a type name longer than its packet", [0, 0, 0, 40, 0, 0, 1, 0] + Array(repeating: 1, count: 40)),
        ("another protocol", Array("GET / HTTP/1.1\r\nHost: tmanager\r\n\r\n".utf8)),
        ("no protobuf", packet(StMgrRegisterRequest.protoMessageName, Array(repeating: 0xFF, count: 50))),
        ("nothing where a request is expected", packet(StMgrRegisterRequest.protoMessageName, [])),
    ]

    @Test(
        "a thousand silent connections hold nobody up",
        .serialized,
        .enabled(if: sysconf(Int32(_SC_OPEN_MAX)) > 4000, "needs 4000 descriptors"),
        arguments: Greeting.allCases
    )
    func crowd(_ greeting: Greeting) async throws {
        try await ManagerHarness.run { harness async throws in
            try await harness.withManager { manager async throws in
                let stmgrs = try await manager.registerAll()
                var crowd: [HostileConnection] = []
                for _ in 0..<1000 {
                    crowd.append(try HostileConnection(port: Int(manager.location.serverPort), sending: greeting.bytes))
                }
                try await expectService(of: manager, to: stmgrs)
                for connection in crowd { connection.end() }
                try await expectService(of: manager, to: stmgrs)
            }
        }
    }

    @Test("what is no packet ends its connection alone", arguments: broken)
    func brokenPacket(_ name: String, _ bytes: [UInt8]) async throws {
        try await ManagerHarness.run { harness async throws in
            try await harness.withManager { manager async throws in
                let stmgrs = try await manager.registerAll()
                let connection = try HostileConnection(port: Int(manager.location.serverPort), sending: bytes)
                try await connection.waitForEnd()
                try await expectService(of: manager, to: stmgrs)
            }
        }
    }

    @Test("who registers for another topology, or in another's name, changes nothing")
    func falseRegistrations() async throws {
        try await ManagerHarness.run { harness async throws in
            try await harness.withManager { manager async throws in
                let stmgrs = try await manager.registerAll()
                let before: PhysicalPlan = try await harness.next(.pplans)
                let intruder = await manager.connect()
                let registered = try await intruder.register(harness.fixture.registration(container: 1, pid: 666))
                #expect(registered.status.status == .duplicateStrmgr)
                #expect(!registered.hasPplan)

                let other = await manager.connect()
                var request = harness.fixture.registration(container: 1, pid: 667)
                request.instances = harness.fixture.registration(container: 2).instances
                #expect(try await other.register(request).status.status != .ok)
                #expect(try await harness.next(.pplans) == before)
                try await expectService(of: manager, to: stmgrs)
            }
        }
    }

    @Test("a stream manager that never reads does not keep plans from the others")
    func neverReading() async throws {
        try await ManagerHarness.run { harness async throws in
            try await harness.withManager { manager async throws in
                let good = await manager.connect()
                _ = try await good.register(harness.fixture.registration(container: 1))
                let request: [UInt8] = try harness.fixture.registration(container: 2).serializedBytes()
                let silent = try HostileConnection(
                    port: Int(manager.location.serverPort),
                    sending: packet(StMgrRegisterRequest.protoMessageName, request)
                )
                #expect(await good.nextPlan()?.stmgrs.count == 2)
                for _ in 0..<20 { try await expectService(of: manager, to: [good]) }
                silent.end()
            }
        }
    }

    /// Heartbeats are answered, and a command reaches everyone.
    private func expectService(of manager: RunningManager, to stmgrs: [FakeStreamManager]) async throws {
        for command in ["/deactivate", "/activate"] {
            #expect(try await manager.control(command).status == 200)
            for stmgr in stmgrs {
                #expect(await stmgr.nextPlan()?.topology.state == (command == "/activate" ? .running : .paused))
                #expect(try await stmgr.heartbeat().status.status == .ok)
            }
        }
    }
}

/// A request in Heron's framing: lengths in big-endian order, type name, request id, message.
private func packet(_ typeName: String, _ message: [UInt8]) -> [UInt8] {
    func word(_ value: Int) -> [UInt8] { (0..<4).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
    let body = word(typeName.utf8.count) + Array(typeName.utf8) + Array(repeating: 9, count: 32) + word(message.count)
    return word(body.count + message.count) + body + message
}
