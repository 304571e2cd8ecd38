import FoundationEssentials
import HeronJSON
import HeronModel
import HeronState

/// What a node's bytes say.
public enum NodeContent: Sendable {
    case empty
    case message(any Message)
    /// - Parameter isRedacted: whether something in it was secret and is not shown.
    case json(JSONValue, isRedacted: Bool)
    /// Bytes of a form that is not known here.
    case bytes
    /// Not shown.
    case secret
    /// Not readable, or not what belongs there; with the reason, which has no path in it.
    case damaged(String)

    init(_ data: [UInt8], at path: StatePath, kind: NodeKind) {
        switch kind {
        case .secret:
            let isSecret: Bool = TopologySecret(text: String(decoding: data, as: UTF8.self)) != nil
            self = isSecret ? .secret : .damaged("the node is not a secret of 64 hexadecimal digits")
        case .message:
            self = NodeContent(message: data, kind.messageType)
        case .serviceRecord, .processStatuses, .generation, .mesosFramework, .mesosContainer:
            self = NodeContent(json: data) ?? .damaged("the node's \(data.count) bytes are not JSON")
        case _ where path.isNamedSecret:
            self = .secret
        case _ where data.isEmpty:
            self = .empty
        case .lock, .scheduledMark, .killMark, .schedulerGuard, .folder, .session, .other:
            self = NodeContent(json: data) ?? .bytes
        }
    }

    private init(message data: [UInt8], _ type: (any Message.Type)?) {
        guard let type else {
            self = .bytes
            return
        }
        do {
            self = .message(try type.init(serializedBytes: data))
        } catch {
            let found: String = data.isEmpty ? "the node is empty" : "the node's \(data.count) bytes do not decode"
            self = .damaged("\(found); expected \(type.protoMessageName)")
        }
    }

    /// JSON objects and lists only: a number may as well be a text that happens to be digits.
    private init?(json data: [UInt8]) {
        guard
            data.first == UInt8(ascii: "{") || data.first == UInt8(ascii: "["),
            let value: JSONValue = try? JSONDecoder().decode(JSONValue.self, from: Data(data))
        else { return nil }
        let shown: JSONValue = value.redacted
        self = .json(shown, isRedacted: shown != value)
    }
}
