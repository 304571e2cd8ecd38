import PluginKit

/// Heron's protobuf messages, as much of them as a scheduler needs: `$HERON_HOME/include/heron/proto` has all. For more,
/// add the package swift-protobuf.
enum Messages {
    /// The ids of a PackingPlan's containers.
    static func containers(ofPackingPlan plan: [UInt8]) throws -> [Int32] {
        guard let fields = fields(of: plan[...]) else { throw malformed("packing plan") }
        // PackingPlan.container_plans and ContainerPlan.id; container 0 is not in the plan.
        return try fields.filter { $0.number == 2 }.map { field in
            guard let bytes = field.bytes, let id = number(1, of: bytes), id > 0 else {
                throw malformed("packing plan")
            }
            return id
        }
    }

    /// The container that a RestartTopologyRequest asks for; -1 for all.
    static func container(ofRestartRequest request: [UInt8]) throws -> Int32 {
        guard let id = number(2, of: request[...]) else { throw malformed("request to restart") }
        return id
    }

    private static func malformed(_ what: String) -> PluginFailure {
        PluginFailure(.invalidArgument, "the \(what) is not valid")
    }

    /// See https://protobuf.dev/programming-guides/encoding.
    private struct Field {
        let number: UInt64
        /// The value of a number.
        var varint: UInt64?
        /// The value of a message or a text.
        var bytes: ArraySlice<UInt8>?
    }

    private static func number(_ wanted: UInt64, of message: ArraySlice<UInt8>) -> Int32? {
        fields(of: message)?.last { $0.number == wanted }?.varint.map { Int32(truncatingIfNeeded: $0) }
    }

    /// All fields of a message; nil if it is malformed.
    private static func fields(of message: ArraySlice<UInt8>) -> [Field]? {
        var rest = message
        var fields: [Field] = []
        while !rest.isEmpty {
            guard let key = varint(&rest), key >> 3 > 0, key >> 32 == 0 else { return nil }
            var field = Field(number: key >> 3)
            switch key & 7 {
            case 0:
                field.varint = varint(&rest)
                if field.varint == nil { return nil }
            case 1, 5:
                if take(key & 7 == 1 ? 8 : 4, &rest) == nil { return nil }
            case 2:
                field.bytes = varint(&rest).flatMap { take($0, &rest) }
                if field.bytes == nil { return nil }
            default:
                return nil
            }
            fields.append(field)
        }
        return fields
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }

    private static func take(_ count: UInt64, _ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard count <= UInt64(rest.count) else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }
}
