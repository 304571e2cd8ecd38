import FoundationEssentials
import HeronJSON
import PluginABI

/// What an operation brought.
public enum OperationResult: Sendable, Hashable {
    /// It succeeded and had nothing to say.
    case done
    case string(String)
    case json(JSONValue)

    /// Checks what an operation put; throws what is wrong with it.
    init(_ items: [[UInt8]], as type: OperationSignature.ResultType) throws(OperationSignature.Problem) {
        if type == .status {
            self = .done
            return
        }
        guard items.count == 1 else {
            throw OperationSignature.Problem("it put \(items.count) results instead of one")
        }
        guard let text = String(validating: items[0], as: UTF8.self) else {
            throw OperationSignature.Problem("its result is not UTF-8")
        }
        if type == .string {
            self = .string(text)
            return
        }
        do {
            self = .json(try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)))
        } catch {
            throw OperationSignature.Problem("its result is not JSON")
        }
    }
}
