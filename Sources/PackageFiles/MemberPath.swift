/// Where in the folder a member of an archive goes: components that cannot lead out of it.
struct MemberPath: Hashable {
    /// More folders within folders than this are refused.
    private static let maximumDepth = 64

    /// Never empty, `.`, `..`, nor anything with a slash or a zero byte.
    let components: [String]

    /// The path, relative to the folder.
    var text: String { components.joined(separator: "/") }

    /// Why a name is refused.
    struct Refusal: Error {
        let reason: String
    }

    /// Reads a member's name. `./a//b/` is the same as `a/b`; a name of nothing but `.` has no components.
    init(_ name: String) throws(Refusal) {
        guard !name.isEmpty else { throw Refusal(reason: "it has no name") }
        guard !name.hasPrefix("/") else { throw Refusal(reason: "its name is absolute") }
        guard !name.utf8.contains(0) else { throw Refusal(reason: "its name contains a zero byte") }
        components = name.split(separator: "/").map(String.init).filter { $0 != "." }
        guard !components.contains("..") else { throw Refusal(reason: "its name contains '..'") }
        guard components.count <= MemberPath.maximumDepth else {
            throw Refusal(reason: "it is more than \(MemberPath.maximumDepth) folders deep")
        }
    }

    /// Checks that a symbolic link at this place points to somewhere within the folder.
    ///
    /// `..` is allowed only in front, and not beyond the folder itself: after the name of something that is a link it
    /// would lead elsewhere than it seems. The folders above a link are never links themselves.
    func checkLink(to target: String) throws(Refusal) {
        guard !target.isEmpty, !target.hasPrefix("/"), !target.utf8.contains(0) else {
            throw Refusal(reason: "it is a link to '\(target)', which is not a relative path")
        }
        let parts: [Substring] = target.split(separator: "/").filter { $0 != "." }
        let ups: Int = parts.prefix { $0 == ".." }.count
        guard ups < components.count, !parts.dropFirst(ups).contains("..") else {
            throw Refusal(reason: "it is a link to '\(target)', which may lead out of the folder")
        }
    }
}
