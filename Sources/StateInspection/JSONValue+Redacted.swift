import HeronConfig
import HeronJSON

extension JSONValue {
    /// The value without secrets: members whose names say that they are one, and passwords in URLs.
    var redacted: JSONValue {
        switch self {
        case .null, .bool, .int, .double: self
        case .string(let text): .string(ConfigReport.maskingPassword(text))
        case .array(let values): .array(values.map(\.redacted))
        case .object(let members):
            .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { name, value in
                        (name, ConfigReport.isSecret(name) ? .string("(secret)") : value.redacted)
                    }
                )
            )
        }
    }
}
