import HeronYAML

/// Names of older Heron versions, and the ones that took their place.
enum OlderNames {
    /// Older key name to today's.
    static let keys: [String: String] = [
        "heron.local.working.directory": "heron.scheduler.local.working.directory",
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
        guard key.hasPrefix("heron.class.") || key == "heron.statefulstorage.classname",
            let name = value.stringValue, name.hasPrefix(classPrefixes.older)
        else { return value }
        return .string(classPrefixes.current + name.dropFirst(classPrefixes.older.count))
    }

    /// Moves values from older keys to today's. Where both are set, in whatever files, today's key wins.
    static func move(in entries: inout [String: Config.Entry]) {
        for (older, current) in keys {
            guard let entry = entries.removeValue(forKey: older) else { continue }
            if let present = entries[current], present.origin != .builtIn { continue }
            entries[current] = entry
        }
    }
}
