import MesosProtocol

/// The stream of one subscription, on its way from the master to the connection that carries it.
///
/// Anything may be put in from any thread; it comes out in order, once, in ``parts``.
final class EventStream: Sendable {
    enum Part: Sendable {
        /// Bytes of the body: one chunk.
        case bytes([UInt8])
        /// The end of the body; the connection stays open.
        case end
        /// The connection is cut.
        case cut
    }

    /// What `Mesos-Stream-Id` says.
    let id: String
    let type: MediaType
    let parts: AsyncStream<Part>
    private let input: AsyncStream<Part>.Continuation

    init(id: String, type: MediaType) {
        self.id = id
        self.type = type
        (parts, input) = AsyncStream.makeStream(of: Part.self)
    }

    func send(_ event: MesosEvent) {
        input.yield(.bytes(RecordIO.record(encode(event))))
    }

    /// Sends bytes as they are: no record, or a broken one.
    func sendRaw(_ bytes: [UInt8]) { input.yield(.bytes(bytes)) }

    func end() {
        input.yield(.end)
        input.finish()
    }

    func cut() {
        input.yield(.cut)
        input.finish()
    }

    /// Nobody reads any more.
    func abandon() { input.finish() }

    private func encode(_ event: MesosEvent) -> [UInt8] {
        switch type {
        case .json: Array(MessageJSON.value(event).text.utf8)
        case .protobuf: (try? event.serializedBytes(partial: true)) ?? []
        }
    }
}

/// Mesos's framing of a stream: the length in decimal digits, a line feed, the bytes.
enum RecordIO {
    static func record(_ bytes: [UInt8]) -> [UInt8] { Array("\(bytes.count)\n".utf8) + bytes }
}
