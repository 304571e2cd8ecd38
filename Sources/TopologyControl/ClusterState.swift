import HeronConfig
import HeronState
import Logging
import SchedulerCore

/// Opens the state that a cluster's configuration names.
///
/// Throws ``ControlError``, which says that it is the state, and where its place was set; `ConfigError` or `StateError`
/// where a setting is missing or wrong.
public func openClusterState(_ config: Config, log: Logger) async throws -> any StateManager {
    _ = try config.string(.stateRoot)
    do {
        return try await openState(config, log: log)
    } catch let error as StateError where error.code != .badConfiguration {
        let key: String = (error.code == .connectionLost ? Config.Key.stateConnection : .stateRoot).name
        throw ControlError(
            "the state cannot be opened: \(error)",
            hint: config.entry(key).map { "\(key) is set by \($0.origin)" }
        )
    }
}
