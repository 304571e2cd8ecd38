/// Text that is not JSON. Its description is what a master answers.
public struct JSONSyntaxError: Error, Sendable, CustomStringConvertible {
    /// The rest of the text where it ceases to be JSON.
    let near: String
    let line: Int

    public var description: String { "syntax error at line \(line) near: \(near)" }
}

extension JSONValue {
    /// Parses a text. Its arrays and objects may be nested 128 deep.
    public init(parsing bytes: some Sequence<UInt8>) throws(JSONSyntaxError) {
        var parser = JSONParser(bytes: Array(bytes))
        self = try parser.document()
    }
}

/// A recursive descent through one JSON text (RFC 8259).
private struct JSONParser {
    private static let maximumDepth = 128

    let bytes: [UInt8]
    var position = 0
    var depth = 0

    mutating func document() throws(JSONSyntaxError) -> JSONValue {
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw error() }
        return value
    }

    private func error() -> JSONSyntaxError {
        JSONSyntaxError(
            near: String(decoding: bytes[min(position, bytes.count)...].prefix(200), as: UTF8.self),
            line: 1 + bytes[..<min(position, bytes.count)].count { $0 == UInt8(ascii: "\n") }
        )
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private mutating func take(_ character: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == character else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(JSONSyntaxError) -> JSONValue {
        skipSpace()
        guard position < bytes.count else { throw error() }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try nested(JSONParser.object)
        case UInt8(ascii: "["): return try nested(JSONParser.array)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(
        _ parse: (inout JSONParser) throws(JSONSyntaxError) -> JSONValue
    ) throws(JSONSyntaxError) -> JSONValue {
        guard depth < Self.maximumDepth else { throw error() }
        depth += 1
        position += 1
        let value = try parse(&self)
        depth -= 1
        return value
    }

    private static func object(_ parser: inout JSONParser) throws(JSONSyntaxError) -> JSONValue {
        var members: [JSONValue.Member] = []
        parser.skipSpace()
        if parser.take(UInt8(ascii: "}")) { return .object([]) }
        repeat {
            parser.skipSpace()
            guard parser.position < parser.bytes.count, parser.bytes[parser.position] == UInt8(ascii: "\"") else {
                throw parser.error()
            }
            let name = try parser.string()
            parser.skipSpace()
            guard parser.take(UInt8(ascii: ":")) else { throw parser.error() }
            members.append(JSONValue.Member(name: name, value: try parser.value()))
            parser.skipSpace()
        } while parser.take(UInt8(ascii: ","))
        guard parser.take(UInt8(ascii: "}")) else { throw parser.error() }
        return .object(members)
    }

    private static func array(_ parser: inout JSONParser) throws(JSONSyntaxError) -> JSONValue {
        var values: [JSONValue] = []
        parser.skipSpace()
        if parser.take(UInt8(ascii: "]")) { return .array([]) }
        repeat {
            values.append(try parser.value())
            parser.skipSpace()
        } while parser.take(UInt8(ascii: ","))
        guard parser.take(UInt8(ascii: "]")) else { throw parser.error() }
        return .array(values)
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw error() }
        position += word.utf8.count
        return value
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let isPart: (UInt8) -> Bool = { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
        }
        let text = String(decoding: bytes[position...].prefix(while: isPart), as: UTF8.self)
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard let first = digits.first, first.isNumber,
            !(digits.count > 1 && first == "0" && digits.dropFirst().first?.isNumber == true)
        else { throw error() }
        if let value = Int64(text) {
            position += text.utf8.count
            return .int(value)
        }
        guard let value = Double(text), text.last?.isNumber == true else { throw error() }
        position += text.utf8.count
        return .double(value)
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else { throw error() }
                position += 1
                return string
            case UInt8(ascii: "\\"):
                position += 1
                text += try escape()
            case ..<0x20: throw error()
            default:
                text.append(byte)
                position += 1
            }
        }
        throw error()
    }

    /// What stands behind a backslash.
    private mutating func escape() throws(JSONSyntaxError) -> [UInt8] {
        guard position < bytes.count else { throw error() }
        let character = bytes[position]
        position += 1
        switch character {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [character]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return try unicode()
        default: throw error()
        }
    }

    private mutating func unicode() throws(JSONSyntaxError) -> [UInt8] {
        var units = [try unit()]
        if UTF16.isLeadSurrogate(units[0]) {
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw error() }
            units.append(try unit())
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw error() }
        return Array(text.utf8)
    }

    private mutating func unit() throws(JSONSyntaxError) -> UInt16 {
        guard position + 4 <= bytes.count,
            let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw error() }
        position += 4
        return unit
    }
}
