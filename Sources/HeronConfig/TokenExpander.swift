import HeronYAML

/// Replaces `${TOKEN}`s in values, by Heron's rules.
///
/// A value is split at `/`; an element that is a token as a whole is replaced by the token's value, an element that only
/// contains one is left alone. Then the path is put together again, which removes doubled and trailing slashes. Of
/// `<scheme>://<rest>` only the rest is treated so. All that is repeated until nothing changes. Unknown tokens, and those
/// without a value, stay.
struct TokenExpander: Sendable {
    let entries: [String: Config.Entry]
    let keys: KnownKeys
    let environment: UserEnvironment

    /// More than any sensible chain of tokens needs, and a bound for those that grow with every round.
    private static let maximum = (rounds: 64, bytes: 65_536)

    /// The value of a key with its tokens replaced. Throws ``ConfigError`` `circularTokens`.
    func expand(_ value: String, of key: String) throws -> String {
        var current: String = value
        for _ in 0..<TokenExpander.maximum.rounds where current.utf8.count <= TokenExpander.maximum.bytes {
            let next: String = substitute(current)
            if next == current { return next }
            current = next
        }
        let origin: String = entries[key].map { "\($0.origin): " } ?? ""
        let shown: String = ConfigReport.text(.string(value), of: key)
        throw ConfigError(.circularTokens, "\(origin)\(key): the tokens in '\(shown)' refer to each other in a circle")
    }

    /// One round of replacement.
    private func substitute(_ value: String) -> String {
        let trimmed: Substring = value.trimmingBlanks()
        if let (scheme, rest) = trimmed.splitAtScheme() { return "\(scheme)://\(substitute(String(rest)))" }
        let elements: [String] = trimmed.split(separator: "/", omittingEmptySubsequences: false).map { element in
            self.value(ofElement: element) ?? String(element)
        }
        return TokenExpander.joined(elements)
    }

    private func value(ofElement element: Substring) -> String? {
        switch element {
        case "~", "${HOME}": return environment.home
        case "${JAVA_HOME}": return environment.javaHome
        default:
            guard let token = TokenExpander.token(element), let name = keys.name(ofToken: token) else { return nil }
            return entries[name]?.value.stringValue
        }
    }

    /// The name in `${NAME}`, if that is the whole text: capital letters and underscores only.
    static func token(_ element: Substring) -> String? {
        guard element.hasPrefix("${"), element.hasSuffix("}"), element.count > 3 else { return nil }
        let name: Substring = element.dropFirst(2).dropLast()
        return name.utf8.allSatisfy { $0 == 0x5F || (0x41...0x5A).contains($0) } ? String(name) : nil
    }

    private static func joined(_ elements: [String]) -> String {
        let path: String = elements.joined(separator: "/")
        let parts: [Substring] = path.split(separator: "/")
        return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }
}

extension TokenExpander {
    /// What is suspicious about a value's tokens, one sentence each; a misspelt token would become a directory's name.
    func suspicions(_ value: String) -> [String] {
        let elements: [Substring] = (value.splitAtScheme()?.rest ?? value[...]).split(separator: "/")
        return elements.compactMap { element in
            guard let start = element.firstRange(of: "${") else { return nil }
            guard element.hasSuffix("}"), start.lowerBound == element.startIndex else {
                return "'\(element)' stays as it is, because a token must fill the whole space between two slashes"
            }
            guard let token = TokenExpander.token(element), keys.name(ofToken: token) == nil, token != "HOME" else {
                return nil
            }
            let nearest: String? = EditDistance.nearest(to: token, among: Array(keys.tokens) + ["HOME", "TOPOLOGY"])
            return "'\(element)' is not a token" + (nearest.map { "; did you mean '${\($0)}'?" } ?? "")
        }
    }
}

extension StringProtocol where SubSequence == Substring {
    fileprivate func trimmingBlanks() -> Substring {
        let isBlank: (Character) -> Bool = { ($0.asciiValue ?? 0x21) <= 0x20 }
        var text: Substring = self[...].drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }

    /// The parts before and after the last `://`, if both are there.
    fileprivate func splitAtScheme() -> (scheme: Substring, rest: Substring)? {
        guard let separator = self.ranges(of: "://").last, separator.lowerBound > startIndex,
            separator.upperBound < endIndex
        else { return nil }
        return (self[..<separator.lowerBound], self[separator.upperBound...])
    }
}
