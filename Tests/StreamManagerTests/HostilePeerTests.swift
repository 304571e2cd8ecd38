import Glibc
import HTTPTesting
import HeronModel
import NIOCore
import Testing

@testable import StreamManagerCore

/// Peers that mean harm, or are broken, beside good ones.
@Suite(.timeLimit(.minutes(1))) struct HostilePeerTests {
    /// Bytes that each of many connections sends before it falls silent.
    enum Greeting: String, CaseIterable {
        case nothing
        /// Of a packet of 10 MB, the largest that is taken.
        case announcement
        case half

        var bytes: [UInt8] {
            switch self {
            case .nothing: []
            case .announcement: [0x00, 0x9F, 0xFF, 0xFF, 0, 0, 0, 34]
            case .half: [0, 0, 1, 0, 0, 0, 0, 10] + Array("heron.prot".utf8) + Array(repeating: 7, count: 100)
            }
        }
    }

    @Test(
        .serialized,
        .enabled(if: sysconf(Int32(_SC_OPEN_MAX)) > 4000, "needs 4000 descriptors"),
        arguments: Greeting.allCases
    )
    func aThousandConnectionsAreEndedAndDisturbNobody(_ greeting: Greeting) async throws {
        let good = try await Container { $0.introductionLimit = .seconds(5) }
        var crowd: [HostileConnection] = []
        for index in 0..<1000 {
            let port = index.isMultiple(of: 2) ? good.manager.ports.localData : good.manager.ports.data
            crowd.append(try HostileConnection(port: port, sending: greeting.bytes))
        }
        try await good.expectFlow()
        for connection in crowd { try await connection.waitForEnd() }
        try await good.expectFlow()
        try await good.close()
    }

    @Test func aPeerThatSaysWhoItIsStays() async throws {
        let good = try await Container { $0.introductionLimit = .seconds(5) }
        let silent = try HostileConnection(port: good.manager.ports.localData)
        try await silent.waitForEnd()
        try await good.expectFlow()
        try await good.close()
    }

    /// A packet that comes byte by byte is one as good as any, and holds nobody up.
    @Test func aSlowPacketIsTaken() async throws {
        let good = try await Container()
        let slow = try HostileConnection(port: good.manager.ports.localData)
        for byte in Greeting.half.bytes {
            try slow.send([byte])
            try await good.expectFlow()
        }
        slow.end()
        try await good.expectFlow()
        try await good.close()
    }
}
