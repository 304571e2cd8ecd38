import HeronConfig
import HeronState
import HeronYAML
import Logging
import PluginHost
import StateLogging

/// The part of the host services that follows from configuration and log alone: the same for every plugin.
public protocol ConfiguredServices: HostServices {
    /// The effective configuration, expanded for the place where the plugin works.
    var config: Config { get }
    var logger: Logger { get }
}

extension ConfiguredServices {
    public func log(_ level: PluginLogLevel, plugin: String, _ message: String) {
        let line: Logger.Message = "\(plugin): \(message)"
        switch level {
        case .debug: logger.debug(line)
        case .info: logger.info(line)
        case .warning: logger.warning(line)
        case .error: logger.error(line)
        }
    }

    public func configValue(_ key: String) -> String? {
        config.entry(key).map { ConfigReport.plainText($0.value) }
    }

    public func configEntries() -> [ConfigEntry] {
        config.texts.filter { !ConfigReport.isSecret($0.key) }.sorted { $0.key < $1.key }
            .map { ConfigEntry(key: $0.key, value: $0.value) }
    }
}

extension PluginCatalog {
    /// The configuration keys that the plugins declare, so that none of them counts as unknown.
    public var knownKeys: [KnownKey] {
        plugins.flatMap { plugin in
            let classes: [String] = plugin.classes.values.flatMap { $0 }
            return plugin.configKeys.map { KnownKey($0, of: classes) }
        }
    }
}

extension KnownKey {
    fileprivate init(_ declared: PluginConfigKey, of classes: [String]) {
        let text: String? = declared.defaultValue
        let (type, value): (ValueType, YAMLValue?) =
            switch declared.type {
            case .string: (.string, text.map { .string($0) })
            case .integer: (.integer, text.flatMap(Int64.init).map { .int($0) })
            case .number: (.number, text.flatMap(Double.init).map { .double($0) })
            case .boolean: (.boolean, text.map { .bool($0 == "true") })
            }
        let secret: Secret? =
            switch declared.secret {
            case .file: .file
            case .value: .value
            case nil: nil
            }
        self.init(
            declared.key,
            type,
            default: value,
            aliases: declared.aliases,
            classes: classes,
            secret: secret
        )
    }
}

/// Opens the state that a configuration names.
///
/// - Parameter workingDirectory: where a scheduler service runs; credentials that were put there for it come first.
public func openState(
    _ config: Config,
    workingDirectory: String? = nil,
    log: Logger
) async throws -> any StateManager {
    var settings = try StateSettings(keys: config.texts)
    if let workingDirectory {
        settings.zooKeeper.credentialsSources.insert(.workingDirectory(workingDirectory), at: 0)
    }
    return try await openStateManager(settings, log: log)
}

/// Puts this user's credentials for the state into the directory in which a scheduler, and maybe containers, are about to
/// run; nothing if there are none. Throws `StateError`.
public func giveCredentials(_ config: Config, to workingDirectory: String) throws {
    try StateSettings(keys: config.texts).giveCredentials(to: workingDirectory)
}
