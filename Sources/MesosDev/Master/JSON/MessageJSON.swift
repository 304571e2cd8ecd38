import MesosProtocol

/// Mesos's messages as JSON, and back.
enum MessageJSON {
    /// The members that are doubles: a master writes them with a fraction, also when that is 0.
    private static let doubles: Set = ["failover_timeout", "heartbeat_interval_seconds", "refuse_seconds", "timestamp"]

    /// The message as a master writes it.
    static func value(_ message: some Message) -> JSONValue {
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        options.alwaysPrintInt64sAsNumbers = true
        guard let bytes: [UInt8] = try? message.jsonUTF8Bytes(options: options),
            let value = try? JSONValue(parsing: bytes)
        else {
            // What a master makes itself has all of its required fields.
            return .object([])
        }
        return withFractions(value, isScalar: false)
    }

    /// The name of an enumeration's value as in JSON: `ACKNOWLEDGE_OPERATION_STATUS`.
    static func name(of type: MesosCall.TypeEnum) -> String {
        let call = MesosCall.with { $0.type = type }
        return value(call)["type"]?.string ?? ""
    }

    private static func withFractions(_ value: JSONValue, isScalar: Bool) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map { withFractions($0, isScalar: false) })
        case .object(let members):
            return .object(
                members.map { member in
                    let isDouble = isScalar && member.name == "value" || doubles.contains(member.name)
                    guard isDouble, case .int(let number) = member.value else {
                        let inner = withFractions(member.value, isScalar: member.name == "scalar")
                        return JSONValue.Member(name: member.name, value: inner)
                    }
                    return JSONValue.Member(name: member.name, value: .double(Double(number)))
                }
            )
        case .null, .bool, .int, .double, .string: return value
        }
    }

    /// The message of a JSON object that ``MessageShape`` has found nothing wrong with.
    static func message<M: Message>(_ value: JSONValue) throws -> M {
        var options = JSONDecodingOptions()
        options.ignoreUnknownFields = true
        return try M(jsonUTF8Bytes: Array(value.text.utf8), options: options)
    }
}
