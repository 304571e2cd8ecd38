/// Who may talk to the master: the principals and secrets of a credentials file.
public struct BasicCredentials: Sendable {
    /// What is wrong with a credentials file.
    public struct FormatError: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    private let secrets: [String: String]

    /// Reads Mesos's format: `{"credentials":[{"principal":"p","secret":"s"}]}`.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONValue(parsing: bytes)
        } catch {
            // Not the text near the error: it may be a secret.
            throw FormatError(description: "line \(error.line) is not JSON")
        }
        guard let entries = value["credentials"]?.elements else {
            throw FormatError(description: "there is no list 'credentials'")
        }
        var secrets: [String: String] = [:]
        for entry in entries {
            guard let principal = entry["principal"]?.string, let secret = entry["secret"]?.string else {
                throw FormatError(description: "a credential has no 'principal' or no 'secret'")
            }
            guard !principal.contains(":"), !secret.contains(":") else {
                throw FormatError(description: "a credential has a colon, and so could never be used")
            }
            secrets[principal] = secret
        }
        self.secrets = secrets
    }

    /// The principal of an `Authorization` header; nil if it is not that of a known one.
    func principal(_ authorization: String?) -> String? {
        let words = authorization?.split(separator: " ", omittingEmptySubsequences: false) ?? []
        guard words.count == 2, words[0] == "Basic", let text = Base64.decode(words[1]) else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let secret = secrets[String(parts[0])], secret == parts[1] else { return nil }
        return String(parts[0])
    }
}

/// Base64 (RFC 4648).
enum Base64 {
    /// The text, nil if it is not base64 of UTF-8.
    static func decode(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text.utf8.reversed().drop(while: { $0 == UInt8(ascii: "=") }).reversed() {
            guard let value = value(byte) else { return nil }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func value(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
