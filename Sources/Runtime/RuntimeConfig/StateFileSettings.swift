import Glibc
import HeronYAML

/// The values of the tokens that `statemgr.yaml` may have where a container reads it.
public struct StateTokens: Sendable, Hashable {
    /// `${HOME}`, and `~` at the beginning of a path.
    public var home: String?
    /// `${JAVA_HOME}`.
    public var javaHome: String?
    /// `${CLUSTER}`.
    public var cluster: String

    public init(home: String?, javaHome: String?, cluster: String) {
        self.home = home
        self.javaHome = javaHome
        self.cluster = cluster
    }

    /// The tokens of this process, with its environment's `HOME` and `JAVA_HOME`.
    public static func current(cluster: String) -> StateTokens {
        func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
        return StateTokens(home: variable("HOME"), javaHome: variable("JAVA_HOME"), cluster: cluster)
    }
}

extension RuntimeConfig {
    /// The state manager's keys as Heron's executor reads them: `statemgr.yaml`, overridden by `override.yaml`, with the
    /// connection of the command line and with tokens replaced.
    ///
    /// The result has `heron.class.state.manager` and the `heron.statemgr.*` and `zookeeper.*` keys, as text. Throws
    /// ``YAMLError`` for a file that cannot be used and ``RuntimeConfigError`` for a value that is a list or a map, or
    /// that has a token without a value.
    public static func stateSettings(
        configFile: String,
        overrideFile: String?,
        connection: String,
        tokens: StateTokens
    ) throws -> [String: String] {
        let reader = try SettingsReader(file: configFile, overrideFile: overrideFile)
        let names = reader.entries.filter { entry in
            entry.key == "heron.class.state.manager"
                || ["heron.statemgr.", "zookeeper."].contains(where: entry.key.hasPrefix)
        }
        var settings: [String: String] = try names.reduce(into: [:]) { result, item in
            result[item.key] = try tokens.text(item.key, item.value)
        }
        settings["heron.statemgr.connection.string"] = connection
        return settings
    }
}

extension StateTokens {
    fileprivate func text(_ key: String, _ entry: SettingsReader.Entry) throws -> String {
        switch entry.value {
        case .string(let text): return try expand(text, key, entry)
        case .int(let number): return "\(number)"
        case .double(let number): return "\(number)"
        case .bool(let flag): return "\(flag)"
        case .null, .list, .map:
            throw failure(entry, "\(key) must be a string or a number, but is \(entry.value.typeName)")
        }
    }

    /// A file of the submitting machine: its tokens have values there only, and containers do not read it.
    private static let submittersFile = "heron.statemgr.zookeeper.auth.file"

    private func expand(_ text: String, _ key: String, _ entry: SettingsReader.Entry) throws -> String {
        if key == Self.submittersFile { return text }
        var result: String = text
        if text == "~" || text.hasPrefix("~/") { result = "${HOME}" + text.dropFirst() }
        for (token, value) in [("${HOME}", home), ("${CLUSTER}", cluster), ("${JAVA_HOME}", javaHome)] {
            if let value { result = result.replacing(token, with: value) }
        }
        guard let start = result.firstRange(of: "${") else { return result }
        let token: Substring = result[start.lowerBound...].prefix { $0 != "}" && $0 != "/" }
        throw failure(
            entry,
            "\(key): '\(token)}' has no value here; ~, ${HOME}, ${CLUSTER} and ${JAVA_HOME} can be used"
        )
    }

    private func failure(_ entry: SettingsReader.Entry, _ message: String) -> RuntimeConfigError {
        RuntimeConfigError(file: entry.file, line: entry.line, message: message)
    }
}
