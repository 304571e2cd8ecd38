/// What a master finds wrong with names, in Mesos's words.
enum NameRules {
    /// Why a role's name is not valid; nil if it is.
    static func error(inRole role: String) -> String? {
        if role == "*" { return nil }
        if role.isEmpty { return "Empty role name is invalid" }
        if role.hasPrefix("/") { return "Role '\(role)' cannot start with a slash" }
        if role.hasSuffix("/") { return "Role '\(role)' cannot end with a slash" }
        for component in role.split(separator: "/", omittingEmptySubsequences: false) {
            if component.isEmpty { return "Role '\(role)' cannot contain two adjacent slashes" }
            if component == "." || component == ".." || component == "*" {
                return "Role component '\(component)' is invalid"
            }
            if component.hasPrefix("-") {
                return "Role component '\(component)' is invalid because it starts with a dash"
            }
            if component.utf8.contains(where: { (0x08...0x0D).contains($0) || $0 == 0x20 || $0 == 0x7F }) {
                return "Role component '\(component)' is invalid because it contains backspace or whitespace"
            }
        }
        return nil
    }

    /// Why the id of a framework or a task is not valid; nil if it is.
    static func error(inID id: String) -> String? {
        if id.isEmpty { return "ID must not be empty" }
        if id.utf8.count > 255 { return "ID must not be greater than 255 characters" }
        if id == "." || id == ".." { return "'\(id)' is disallowed" }
        let isInvalid: (UInt8) -> Bool = {
            $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\")
        }
        return id.utf8.contains(where: isInvalid) ? "'\(id)' contains invalid characters" : nil
    }
}
