import PluginHost

/// What `heron plugin check` found out.
public struct CheckReport: Sendable, Hashable {
    /// What became of one rule.
    public enum Outcome: Sendable, Hashable {
        case ok
        /// What breaks the rule, at most a few lines.
        case failed([String])
        /// Why it could not be looked at.
        case skipped(String)
    }

    /// The plugin's name; the folder where the manifest does not tell.
    public var plugin: String
    public var folder: String
    /// What is odd about the manifest without breaking a rule, one line each.
    public var warnings: [String]
    /// The rules that were asked for, and others that turned out to be broken on the way.
    public var outcomes: [Rule: Outcome]

    /// Whether no rule is broken.
    public var isClean: Bool {
        outcomes.values.allSatisfy { outcome in
            if case .failed = outcome { false } else { true }
        }
    }

    /// The rules that are broken.
    public var broken: [Rule] {
        outcomes.filter { entry in
            if case .failed = entry.value { true } else { false }
        }.keys.sorted()
    }
}

/// Something that breaks a rule.
struct Violation: Codable, Sendable, Hashable {
    let rule: Rule
    /// One line.
    let detail: String
}
