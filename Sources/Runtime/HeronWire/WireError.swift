/// Why a packet, a request or a connection failed.
///
/// `description` is one line: what failed, where, and what was expected.
public struct WireError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, for code that reacts to it.
    public enum Code: Sendable, Hashable {
        /// A packet announces more bytes than the receiver takes.
        case packetTooLarge
        /// The bytes are not a packet: another protocol, or a broken sender.
        case malformedPacket
        /// A packet's body is not the message that its type name promises.
        case malformedMessage
        /// A response has another type than the request asks for.
        case unexpectedResponse
        /// No response came in time.
        case timeout
        /// The connection ended, or was never there.
        case connectionClosed
        /// The other side could not be reached.
        case connectFailed
        /// The address could not be listened on.
        case bindFailed
        /// The other side refused what it was asked.
        case refused
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
