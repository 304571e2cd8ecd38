import HeronWire
import NIOCore

private let limit = 1 << 16

/// Packets come out as they went in, however the stream is cut; see `PacketDecoder`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFraming(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let seed = bytes.first else { return 0 }
    let stream = bytes.dropFirst()
    let whole = decode([stream])
    let cut = decode(pieces(of: stream, of: 1 + Int(seed)))
    guard whole == cut else { fatalError("cut into pieces: \(cut), whole: \(whole)") }
    return 0
}

/// What a stream holds up to the first fault.
private struct Decoded: Equatable {
    var packets: [[UInt8]] = []
    var names: [String] = []
    var fault: WireError?
}

private func decode(_ pieces: [ArraySlice<UInt8>]) -> Decoded {
    var decoder = PacketDecoder(maximumPacketSize: limit)
    var decoded = Decoded()
    for piece in pieces {
        decoder.feed(ByteBuffer(bytes: piece))
        do throws(WireError) {
            while let packet = try decoder.next() {
                guard packet.body.readableBytes <= limit else { fatalError("a packet beyond the limit") }
                decoded.packets.append(Array(packet.body.readableBytesView))
                decoded.names.append(packet.typeName)
            }
        } catch {
            decoded.fault = error
            return decoded
        }
    }
    return decoded
}

private func pieces(of bytes: ArraySlice<UInt8>, of size: Int) -> [ArraySlice<UInt8>] {
    stride(from: bytes.startIndex, to: bytes.endIndex, by: size).map { bytes[$0..<min($0 + size, bytes.endIndex)] }
}
