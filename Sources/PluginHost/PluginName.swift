/// The names of plugins: folders, libraries and configuration keys are called by them.
package enum PluginName {
    /// What a valid name is, for messages.
    package static let rule = "lower-case letters, digits and '-', a letter first, 64 characters at most"

    /// Whether a text can be a plugin's name.
    package static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
        return name.utf8.count <= 64
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default:
                    false
                }
            }
    }
}
