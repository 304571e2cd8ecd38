import HeronYAML

/// Names of older Heron versions, and the ones that took their place.
enum OlderNames {
    /// Older key name to today's.
    static let keys: [String: String] = [
        "heron.binaries.tmaster": "heron.binaries.tmanager",
        // Heron's yaml files write these, its code reads the others: users meant what they wrote.
        "heron.scheduler.tunnel.connection.retry.count": "heron.scheduler.tunnel.connection.retryCount.count",
        "heron.scheduler.tunnel.retry.interval.ms": "heron.scheduler.tunnel.retryCount.interval.ms",
        "heron.statemgr.tunnel.connection.retry.count": "heron.statemgr.tunnel.connection.retryCount.count",
        "heron.statemgr.tunnel.retry.interval.ms": "heron.statemgr.tunnel.retryCount.interval.ms",
    ]

    /// The package prefix of Heron's classes up to 0.17, and since.
    private static let classPrefixes: (older: String, current: String) = ("com.twitter.heron.", "org.apache.heron.")

    /// A value with today's class name, if the key names a class and the value has the older prefix.
    static func currentValue(_ value: YAMLValue, of key: String) -> YAMLValue {
        guard key.hasPrefix("heron.class.") || key == "heron.statefulstorage.classname", let name = value.stringValue
        else { return value }
        return .string(currentClass(name))
    }

    /// Today's name of a class.
    static func currentClass(_ name: String) -> String {
        guard name.hasPrefix(classPrefixes.older) else { return name }
        return classPrefixes.current + name.dropFirst(classPrefixes.older.count)
    }

    /// Moves values from older keys to today's. Where both are set, in whatever files, today's key wins.
    static func move(in entries: inout [String: Config.Entry]) {
        for (older, current) in keys { move(entries.removeValue(forKey: older), to: current, in: &entries) }
    }

    /// Moves values from other names of plugins' keys to these keys, as far as the cluster uses the plugin.
    static func move(_ aliases: [KeyAlias], in entries: inout [String: Config.Entry]) {
        let inUse = [Config.Key.schedulerClass, .launcherClass].compactMap { entries[$0.name]?.value.stringValue }
        let applying: [KeyAlias] = aliases.filter { !$0.classes.isDisjoint(with: inUse) }
        let moved = Dictionary(
            uniqueKeysWithValues: Set(applying.map(\.name)).map { ($0, entries.removeValue(forKey: $0)) }
        )
        for alias in applying { move(moved[alias.name] ?? nil, to: alias.key, in: &entries) }
    }

    private static func move(_ entry: Config.Entry?, to current: String, in entries: inout [String: Config.Entry]) {
        guard let entry else { return }
        if let present = entries[current], present.origin != .builtIn { return }
        entries[current] = entry
    }
}
