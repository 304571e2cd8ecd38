/// The configuration keys of the state: Heron's, and ours for authentication.
enum StateKey: String {
    case managerClass = "heron.class.state.manager"
    case connection = "heron.statemgr.connection.string"
    case rootPath = "heron.statemgr.root.path"
    case initializeFileTree = "heron.statemgr.localfs.is.initialize.file.tree"
    case initializeZooKeeperTree = "heron.statemgr.zookeeper.is.initialize.tree"
    case sessionTimeout = "heron.statemgr.zookeeper.session.timeout.ms"
    case connectionTimeout = "heron.statemgr.zookeeper.connection.timeout.ms"
    case retryCount = "heron.statemgr.zookeeper.retry.count"
    case retryInterval = "heron.statemgr.zookeeper.retry.interval.ms"
    case isTunnelNeeded = "heron.statemgr.is.tunnel.needed"
    case authScheme = "heron.statemgr.zookeeper.auth.scheme"
    case authFile = "heron.statemgr.zookeeper.auth.file"
}

extension StateSettings {
    /// Settings from Heron's configuration keys, with all `${TOKEN}`s replaced; other keys are ignored, except those that
    /// ask for a protection which ZooKeeper's client does not have.
    ///
    /// Credentials are taken from the environment variable `HERON_ZOOKEEPER_AUTH`, else from the file that
    /// `heron.statemgr.zookeeper.auth.file` names; neither is looked at before the state is opened.
    ///
    /// Throws ``StateError`` with code `badConfiguration`, which names the key and what it may be.
    public init(keys: [String: String]) throws {
        let keys = StateKeys(keys)
        self.init(connection: keys[.connection] ?? "", rootPath: keys[.rootPath] ?? "")
        managerClass = keys[.managerClass]
        try keys.checkForSecrets()
        switch try backEnd() {
        case .localFiles:
            initializeTree = try keys.bool(.initializeFileTree) ?? initializeTree
        case .zooKeeper:
            _ = try zooKeeperConnection()
            try keys.checkProtection()
            initializeTree = try keys.bool(.initializeZooKeeperTree) ?? initializeTree
            zooKeeper = try ZooKeeperSettings(keys)
        }
        try checkRootPath()
    }
}

extension ZooKeeperSettings {
    fileprivate init(_ keys: StateKeys) throws {
        isTunnelWanted = try keys.bool(.isTunnelNeeded) ?? isTunnelWanted
        sessionTimeout = try keys.milliseconds(.sessionTimeout, from: 100) ?? sessionTimeout
        connectionTimeout = try keys.milliseconds(.connectionTimeout, from: 1) ?? connectionTimeout
        retryCount = try keys.integer(.retryCount, in: 0...1000) ?? retryCount
        retryInterval = try keys.milliseconds(.retryInterval, from: 1) ?? retryInterval
        let file = keys[.authFile]
        credentialsSources = [.environment] + (file.map { [.file($0)] } ?? [])
        requiresCredentials = file != nil || keys[.authScheme] != nil
    }
}

/// The values of the keys, as text.
struct StateKeys {
    private let texts: [String: String]

    init(_ texts: [String: String]) {
        self.texts = texts
    }

    subscript(key: StateKey) -> String? { texts[key.rawValue] }

    func bool(_ key: StateKey) throws -> Bool? {
        guard let text = self[key] else { return nil }
        switch text.lowercased() {
        case "true": return true
        case "false": return false
        default: throw StateError(key: key, "'\(text)' is neither true nor false")
        }
    }

    func integer(_ key: StateKey, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = self[key] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            let (low, high) = (range.lowerBound, range.upperBound)
            throw StateError(key: key, "'\(text)' is not a whole number from \(low) to \(high)")
        }
        return number
    }

    /// At most an hour: whatever is set to more has been mistyped, or was meant in another unit.
    func milliseconds(_ key: StateKey, from minimum: Int) throws -> Duration? {
        try integer(key, in: minimum...3_600_000).map { .milliseconds($0) }
    }
}

extension StateKeys {
    private static let prefix = "heron.statemgr.zookeeper."

    /// Refuses keys that look as if they held a password: a configuration is uploaded, shown and copied.
    func checkForSecrets() throws {
        let words = ["password", "passwd", "secret", "credential", "digest"]
        for name in texts.keys.sorted() where StateKey(rawValue: name) == nil {
            let (lower, prefix) = (name.lowercased(), Self.prefix)
            guard lower.hasPrefix(prefix) else { continue }
            let rest = lower.dropFirst(prefix.count)
            guard rest.hasPrefix("auth") || words.contains(where: rest.contains) else { continue }
            throw StateError(
                .badConfiguration,
                path: "",
                "\(name): there is no such key, and credentials do not belong into the configuration",
                hint: "put user:password into a file that only you may read and name it with "
                    + "\(StateKey.authFile.rawValue), or set \(CredentialsSource.variable)"
            )
        }
    }

    /// Refuses what Debian's client of ZooKeeper cannot do: whoever wants to be protected must not get less unknowingly.
    func checkProtection() throws {
        let words: Set<Substring> = ["ssl", "tls", "sasl", "kerberos", "secure"]
        for (name, value) in texts.sorted(by: { $0.key < $1.key }) {
            let lower = name.lowercased()
            guard lower.hasPrefix("zookeeper.") || lower.hasPrefix(Self.prefix) else { continue }
            guard !words.isDisjoint(with: lower.split(separator: ".")), !["", "false"].contains(value.lowercased())
            else { continue }
            throw StateError(
                .badConfiguration,
                path: "",
                "\(name): heron's client of ZooKeeper has neither TLS nor SASL",
                hint: Self.tunnelHint
            )
        }
        if let scheme = self[.authScheme], scheme != "digest" {
            throw StateError(
                key: .authScheme,
                "'\(scheme)' is not supported",
                hint: "set it to digest; for more protection, \(Self.tunnelHint)"
            )
        }
    }

    private static let tunnelHint = "see docs/zookeeper.md for a tunnel"
}

extension StateError {
    /// A key's value is not usable.
    init(key: StateKey, _ message: String, hint: String? = nil) {
        self.init(.badConfiguration, path: "", "\(key.rawValue): \(message)", hint: hint)
    }
}
