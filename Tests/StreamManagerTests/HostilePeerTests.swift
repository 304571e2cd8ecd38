import Glibc
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
        var crowd: [RawConnection] = []
        for index in 0..<1000 {
            let port = index.isMultiple(of: 2) ? good.manager.ports.localData : good.manager.ports.data
            crowd.append(try RawConnection(port: port, sending: greeting.bytes))
        }
        try await good.expectFlow()
        for connection in crowd { try await connection.waitForEnd() }
        try await good.expectFlow()
        try await good.close()
    }

    @Test func aPeerThatSaysWhoItIsStays() async throws {
        let good = try await Container { $0.introductionLimit = .seconds(5) }
        let silent = try RawConnection(port: good.manager.ports.localData, sending: [])
        try await silent.waitForEnd()
        try await good.expectFlow()
        try await good.close()
    }

    /// A packet that comes byte by byte is one as good as any, and holds nobody up.
    @Test func aSlowPacketIsTaken() async throws {
        let good = try await Container()
        let slow = try RawConnection(port: good.manager.ports.localData, sending: [])
        for byte in Greeting.half.bytes {
            try slow.send([byte])
            try await good.expectFlow()
        }
        slow.end()
        try await good.expectFlow()
        try await good.close()
    }
}

/// A connection that sends what a test tells it to.
private final class RawConnection {
    private let descriptor: Int32

    init(port: Int, sending bytes: [UInt8]) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        try #require(descriptor >= 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(connected == 0)
        if !bytes.isEmpty { try send(bytes) }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8]) throws {
        try #require(write(descriptor, bytes, bytes.count) == bytes.count)
    }

    func end() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Waits until the other side has closed it.
    func waitForEnd() async throws {
        var byte: UInt8 = 0
        while recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT)) != 0, errno == EAGAIN {
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
