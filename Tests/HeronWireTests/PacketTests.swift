import HeronModel
import HeronWire
import NIOCore
import Testing

private typealias HelloResponse = Heron_Proto_Stmgr_StrMgrHelloResponse

@Suite struct PacketTests {
    private func helloResponse() throws -> HelloResponse {
        var response = HelloResponse()
        response.status.status = .ok
        return response
    }

    /// The example of Heron's framing: 85 bytes, integers big-endian, the request id echoed.
    @Test func writesHeronsBytes() throws {
        let packet = try PacketHeader.packet(helloResponse(), requestID: .none)
        let name = Array("heron.proto.stmgr.StrMgrHelloResponse".utf8)
        var expected: [UInt8] = [0, 0, 0, 81, 0, 0, 0, 37] + name
        expected += Array(repeating: 0, count: 32) + [0, 0, 0, 4, 0x0A, 0x02, 0x08, 0x01]
        #expect(Array(packet.readableBytesView) == expected)
        #expect(packet.readableBytes == 85)
    }

    @Test func readsItsOwnPacketsInPiecesOfAnySize() throws {
        let id = RequestID.random()
        let packet = try PacketHeader.packet(helloResponse(), requestID: id)
        for pieceSize in [1, 2, 3, 7, 40, 84, 85, 200] {
            var decoder = PacketDecoder(maximumPacketSize: 1024)
            var stream = ByteBuffer(bytes: Array(packet.readableBytesView) + Array(packet.readableBytesView))
            var received: [WirePacket] = []
            while stream.readableBytes > 0 {
                let piece = stream.readSlice(length: min(pieceSize, stream.readableBytes))
                decoder.feed(try #require(piece))
                while let packet = try decoder.next() { received.append(packet) }
            }
            #expect(received.count == 2)
            #expect(decoder.unreadBytes == 0)
            for packet in received {
                #expect(packet.requestID == id)
                #expect(try packet.decode(as: HelloResponse.self).status.status == .ok)
            }
        }
    }

    @Test func refusesWhatIsLargerThanTheLimitBeforeItArrives() throws {
        var decoder = PacketDecoder(maximumPacketSize: 80)
        decoder.feed(ByteBuffer(bytes: [0, 0, 0, 81]))
        let error = #expect(throws: WireError.self) { try decoder.next() }
        #expect(error?.code == .packetTooLarge)
        #expect(error?.message == "a packet of 81 bytes is larger than the limit of 80 bytes")
    }

    @Test func takesAPacketOfExactlyTheLimit() throws {
        var decoder = PacketDecoder(maximumPacketSize: 81)
        decoder.feed(try PacketHeader.packet(helloResponse(), requestID: .none))
        #expect(try decoder.next() != nil)
    }

    @Test(
        arguments: [
            // Smaller than its own header.
            [0, 0, 0, 39] + Array(repeating: 0, count: 39),
            // No type name, a type name longer than the packet, one that is longer than any.
            [0, 0, 0, 40] + Array(repeating: 0, count: 40),
            [0, 0, 0, 41, 0, 0, 0, 5] + Array(repeating: 0x61, count: 37),
            [0, 0, 3, 232, 0, 0, 1, 244] + Array(repeating: 0x61, count: 996),
            // A type name with control characters, and a body size that contradicts the packet's.
            [0, 0, 0, 41, 0, 0, 0, 1, 7] + Array(repeating: 0, count: 36),
            [0, 0, 0, 41, 0, 0, 0, 1, 0x61] + Array(repeating: 0, count: 32) + [0, 0, 0, 1],
        ] as [[UInt8]]
    )
    func refusesGarbage(_ bytes: [UInt8]) throws {
        var decoder = PacketDecoder(maximumPacketSize: 4096)
        decoder.feed(ByteBuffer(bytes: bytes))
        let error = #expect(throws: WireError.self) { try decoder.next() }
        #expect(error?.code == .malformedPacket)
    }

    @Test func anHTTPRequestIsTooLarge() throws {
        var decoder = PacketDecoder(maximumPacketSize: 10 << 20)
        decoder.feed(ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n"))
        let error = #expect(throws: WireError.self) { try decoder.next() }
        #expect(error?.code == .packetTooLarge)
    }

    /// Whatever arrives, the decoder answers with packets or an error and never reads beyond what it has.
    @Test(arguments: 0..<50)
    func survivesRandomBytes(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var decoder = PacketDecoder(maximumPacketSize: 4096)
        do throws(WireError) {
            for _ in 0..<20 {
                var bytes = (0..<Int.random(in: 1..<300, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                // Plausible sizes reach the checks behind the first one.
                if Bool.random(using: &random), bytes.count >= 4 {
                    bytes.replaceSubrange(0..<4, with: [0, 0, 0, UInt8.random(in: 0...255, using: &random)])
                }
                decoder.feed(ByteBuffer(bytes: bytes))
                while try decoder.next() != nil {}
            }
        } catch {
            #expect([.packetTooLarge, .malformedPacket].contains(error.code))
        }
    }

    @Test func namesTheTypeOfABodyThatIsNoMessage() throws {
        let name = HelloResponse.protoMessageName
        let packet = WirePacket(typeName: name, requestID: .none, body: ByteBuffer(bytes: [0xFF, 0xFF]))
        let error = #expect(throws: WireError.self) { try packet.decode(as: HelloResponse.self) }
        #expect(error?.code == .malformedMessage)
        #expect(error?.message.contains(name) == true)
    }

    @Test func refusesToSendAMessageThatLacksARequiredField() {
        let error = #expect(throws: WireError.self) { try PacketHeader.packet(HelloResponse(), requestID: .none) }
        #expect(error?.code == .malformedMessage)
    }
}

/// A generator whose draws are the same for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
