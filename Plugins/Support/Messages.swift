import HeronModel
import PluginKit

/// A message of Heron's from its bytes; throws ``PluginFailure`` if they are not one.
public func decode<Message: SwiftProtobuf.Message>(_ type: Message.Type, _ bytes: [UInt8]) throws -> Message {
    do {
        return try Message(serializedBytes: bytes)
    } catch {
        throw PluginFailure(.invalidArgument, "the bytes are not a \(Message.protoMessageName)")
    }
}
