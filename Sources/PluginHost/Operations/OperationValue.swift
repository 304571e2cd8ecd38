import FoundationEssentials

/// A value for a parameter of an operation.
public enum OperationValue: Sendable, Hashable {
    case int32(Int32)
    case int64(Int64)
    case double(Double)
    case bool(Bool)
    case string(String)
    case bytes([UInt8])

    /// Reads a value of a type as it is written on a command line; throws what is wrong with it.
    public init(_ text: String, as type: OperationSignature.ParameterType) throws(OperationSignature.Problem) {
        switch type {
        case .int32: self = .int32(try OperationValue.integer(text))
        case .int64: self = .int64(try OperationValue.integer(text))
        case .double:
            guard let value = Double(text), value.isFinite, !text.hasPrefix("0x") else {
                throw OperationSignature.Problem("'\(text)' is not a finite decimal number")
            }
            self = .double(value)
        case .bool:
            guard let value = Bool(text) else { throw OperationSignature.Problem("'\(text)' is not true or false") }
            self = .bool(value)
        case .string: self = .string(try OperationValue.checked(text))
        case .bytes: self = .bytes(Array(text.utf8))
        }
    }

    private static func integer<Number: FixedWidthInteger>(
        _ text: String
    ) throws(OperationSignature.Problem) -> Number {
        guard let value = Number(text) else {
            throw OperationSignature.Problem("'\(text)' is not a whole number from \(Number.min) to \(Number.max)")
        }
        return value
    }

    /// A plugin may take the text for a C string, which a NUL byte would cut off.
    private static func checked(_ text: String) throws(OperationSignature.Problem) -> String {
        guard !text.utf8.contains(0) else { throw OperationSignature.Problem("the text has a NUL byte") }
        return text
    }

    public var type: OperationSignature.ParameterType {
        switch self {
        case .int32: .int32
        case .int64: .int64
        case .double: .double
        case .bool: .bool
        case .string: .string
        case .bytes: .bytes
        }
    }

    /// The value as text that ``init(decoding:as:)`` reads again.
    public var encoded: String {
        switch self {
        case .int32(let value): "\(value)"
        case .int64(let value): "\(value)"
        case .double(let value): "\(value)"
        case .bool(let value): "\(value)"
        case .string(let value): value
        case .bytes(let value): Data(value).base64EncodedString()
        }
    }

    /// Reads ``encoded``; throws what is wrong with it.
    init(decoding text: String, as type: OperationSignature.ParameterType) throws(OperationSignature.Problem) {
        guard type == .bytes else {
            self = try OperationValue(text, as: type)
            return
        }
        guard let bytes = Data(base64Encoded: text) else { throw OperationSignature.Problem("it is not Base64") }
        self = .bytes(Array(bytes))
    }
}
