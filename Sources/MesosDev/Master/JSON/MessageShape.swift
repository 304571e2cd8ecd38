import MesosProtocol

/// What Mesos's parser accepts as a message: which members it has, of which kinds, and which are required.
///
/// SwiftProtobuf is more liberal than Mesos (it takes `frameworkId` for `framework_id`), and its errors do not name the
/// member.
struct MessageShape: Sendable {
    indirect enum Kind: Sendable {
        case string, bool, number, bytes, enumeration
        case message(String)
        case list(Kind)
    }

    struct Field: Sendable {
        let kind: Kind
        let isRequired: Bool
    }

    let fields: [String: Field]

    /// Shapes in lines `Message: name kind` with `!` behind the name of a required field, `[kind]` for a list.
    static func parse(_ text: String) -> [String: MessageShape] {
        var shapes: [String: MessageShape] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            var fields: [String: Field] = [:]
            for field in parts[1].split(separator: ",") {
                let words = field.split(separator: " ")
                guard words.count == 2 else { continue }
                let isRequired = words[0].hasSuffix("!")
                let name = String(isRequired ? words[0].dropLast() : words[0])
                fields[name] = Field(kind: kind(words[1]), isRequired: isRequired)
            }
            shapes[String(parts[0])] = MessageShape(fields: fields)
        }
        return shapes
    }

    private static func kind(_ word: Substring) -> Kind {
        if word.hasPrefix("["), word.hasSuffix("]") { return .list(kind(word.dropFirst().dropLast())) }
        return switch word {
        case "string": .string
        case "bool": .bool
        case "number": .number
        case "bytes": .bytes
        case "enum": .enumeration
        default: .message(String(word))
        }
    }
}

/// Checks JSON objects against the shapes of messages.
struct MessageChecker: Sendable {
    /// Why an object is not the message, in Mesos's words.
    struct Failure: Error, Sendable {
        let text: String
    }

    let shapes: [String: MessageShape]

    /// The object with the members that the message has; other members are passed over, as in Mesos.
    func check(_ value: JSONValue, as message: String) throws(Failure) -> JSONValue {
        var missing: [String] = []
        let checked = try object(value, shape: message, path: "", &missing)
        guard missing.isEmpty else {
            throw Failure(text: "Missing required fields: " + missing.joined(separator: ", "))
        }
        return checked
    }

    private func object(
        _ value: JSONValue,
        shape name: String,
        path: String,
        _ missing: inout [String]
    ) throws(Failure) -> JSONValue {
        guard case .object(let members) = value, let shape = shapes[name] else {
            throw Failure(text: "Expecting a JSON object")
        }
        var checked: [JSONValue.Member] = []
        for member in members {
            guard let field = shape.fields[member.name], member.value != .null else { continue }
            // Of several members with one name the last counts.
            checked.removeAll { $0.name == member.name }
            let inner = try self.value(member.value, field.kind, member.name, path: path + member.name, &missing)
            if let inner { checked.append(JSONValue.Member(name: member.name, value: inner)) }
        }
        for (name, field) in shape.fields.sorted(by: { $0.key < $1.key }) where field.isRequired {
            if !checked.contains(where: { $0.name == name }) { missing.append(path + name) }
        }
        return .object(checked)
    }

    /// The checked value of a member; nil if it is passed over.
    private func value(
        _ value: JSONValue,
        _ kind: MessageShape.Kind,
        _ name: String,
        path: String,
        _ missing: inout [String]
    ) throws(Failure) -> JSONValue? {
        switch (kind, value) {
        case (.list(let element), .array(let values)):
            var checked: [JSONValue] = []
            for (index, entry) in values.enumerated() {
                if let entry = try self.value(entry, element, name, path: "\(path)[\(index)]", &missing) {
                    checked.append(entry)
                }
            }
            return .array(checked)
        case (.message(let shape), .object):
            return try object(value, shape: shape, path: path + ".", &missing)
        case (.string, .string), (.enumeration, .string), (.bool, .bool), (.number, .int), (.number, .double):
            return value
        case (.bytes, .string(let text)):
            guard text.utf8.allSatisfy(Self.isBase64) else {
                throw Failure(text: "Failed to base64 decode bytes field '\(name)'")
            }
            return value
        case (.number, .string(let text)):
            guard let number = Double(text) else {
                throw Failure(text: "Not expecting a JSON string for field '\(name)'")
            }
            return Int64(text).map { .int($0) } ?? .double(number)
        default:
            throw Failure(text: "Not expecting a JSON \(Self.kindName(value)) for field '\(name)'")
        }
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
            true
        default: false
        }
    }

    private static func kindName(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .int, .double: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
