/// The argument `cluster/[role]/[environ]` as the user gave it; what was left out is nil.
public struct TopologyAddress: Sendable, Hashable {
    public let cluster: String
    public let role: String?
    public let environ: String?

    /// Reads `cluster`, `cluster/role`, `cluster//environ` or `cluster/role/environ`.
    ///
    /// Each part must be usable as a name in paths. Throws ``ConfigError`` `invalidAddress`.
    public init(parsing text: String) throws {
        let parts: [Substring] = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 3 else { throw TopologyAddress.invalid(text, "expected cluster/[role]/[environ]") }
        guard !parts[0].isEmpty else { throw TopologyAddress.invalid(text, "the cluster is missing") }
        for (part, label) in zip(parts, ["cluster", "role", "environ"]) where !part.isEmpty {
            if let reason = TopologyAddress.objection(to: part) {
                throw TopologyAddress.invalid(text, "the \(label) \(reason)")
            }
        }
        cluster = String(parts[0])
        role = parts.count > 1 && !parts[1].isEmpty ? String(parts[1]) : nil
        environ = parts.count > 2 && !parts[2].isEmpty ? String(parts[2]) : nil
    }

    /// The address with defaults for what was left out, each by itself: the login name as the role, `default` as the
    /// environ. (Heron fills them in only if both are missing, and stores an empty environ for `local/bob`.)
    ///
    /// Throws ``ConfigError`` `invalidAddress` if the cluster's `client.yaml` requires a part that is missing, or if the
    /// login name cannot be a role.
    public func resolved(loginName: String, requirements: ClientRequirements) throws -> ClusterRoleEnviron {
        if let file = requirements.roleRequiredBy, role == nil { throw required("role", ClientRequirements.role, file) }
        if let file = requirements.environRequiredBy, environ == nil {
            throw required("environ", ClientRequirements.environ, file)
        }
        if role == nil, let reason = TopologyAddress.objection(to: loginName[...]) {
            throw TopologyAddress.invalid("\(self)", "the login name, taken as role, \(reason); give a role")
        }
        return ClusterRoleEnviron(cluster: cluster, role: role ?? loginName, environ: environ ?? "default")
    }

    /// Whether a topology that runs at `place` is meant. A role or environ that was left out is not compared.
    public func matches(_ place: ClusterRoleEnviron) -> Bool {
        cluster == place.cluster && role ?? place.role == place.role && environ ?? place.environ == place.environ
    }

    private func required(_ part: String, _ key: String, _ origin: Origin) -> ConfigError {
        TopologyAddress.invalid("\(self)", "\(part) required but not provided (\(key) is true, \(origin))")
    }

    private static func invalid(_ text: String, _ reason: String) -> ConfigError {
        let shown: String = text.escapingControlCharacters
        return ConfigError(.invalidAddress, "argument cluster/[role]/[environ] is not correct: '\(shown)': \(reason)")
    }

    /// Why a text cannot be a cluster, role or environ; nil if it can. These become parts of paths, of `HERON_OPTIONS`
    /// and of shell command lines, where other characters have meanings of their own.
    private static func objection(to name: Substring) -> String? {
        guard name.utf8.count <= 128 else { return "is longer than 128 bytes" }
        guard name.first != ".", name.first != "-" else { return "must not begin with '\(name.prefix(1))'" }
        let isAllowed: (Character) -> Bool = { $0.isLetter || $0.isNumber || "_-.@+".contains($0) }
        return name.allSatisfy(isAllowed) ? nil : "may have letters, digits and the characters _ - . @ + only"
    }
}

extension TopologyAddress: CustomStringConvertible {
    public var description: String {
        switch (role, environ) {
        case (nil, nil): cluster
        case (let role?, nil): "\(cluster)/\(role)"
        case (let role, let environ?): "\(cluster)/\(role ?? "")/\(environ)"
        }
    }
}

/// Where a topology belongs: what Heron stores in the execution state. No part is empty when it comes from
/// ``TopologyAddress``; what Heron itself stored may have an empty environ.
public struct ClusterRoleEnviron: Sendable, Hashable, CustomStringConvertible {
    public let cluster: String
    public let role: String
    public let environ: String

    public init(cluster: String, role: String, environ: String) {
        self.cluster = cluster
        self.role = role
        self.environ = environ
    }

    public var description: String { "\(cluster)/\(role)/\(environ)" }
}
