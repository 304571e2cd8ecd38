@testable import MesosDevMaster

/// A message without what differs from run to run: ids, times, numbers of processes, addresses, quantities.
///
/// What a client acts upon stays: types, states, reasons, sources, messages (with ids replaced), names, roles.
enum Shape {
    private static let kept: Set = [
        "type", "state", "source", "reason", "message", "name", "role", "scheme", "path", "protocol", "principal",
    ]

    static func of(_ value: JSONValue, key: String = "") -> JSONValue {
        switch value {
        case .object(let members):
            return .object(
                members.sorted { $0.name < $1.name }.map { member in
                    JSONValue.Member(name: member.name, value: of(member.value, key: member.name))
                }
            )
        case .array(let values):
            // Offers come with as many resources as are free, in no order: each kind once.
            let shapes = Set(values.map { of($0, key: key) }.map(\.text)).sorted()
            return .array(shapes.map { .string($0) })
        case .string(let text):
            if kept.contains(key) { return .string(masked(text)) }
            // What was recorded in protobuf was turned into JSON with 64-bit numbers as texts.
            return .string(Int64(text) == nil ? "text" : "integer")
        case .int: return .string("integer")
        case .double: return .string("double")
        case .bool, .null: return value
        }
    }

    /// The text with ids and the quantities of resources replaced.
    static func masked(_ text: String) -> String {
        text.replacing(#/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(-[A-Z]?[0-9]+)?/#, with: "<id>")
            .replacing(#/:[0-9][0-9.]*/#, with: ":<quantity>")
    }
}
