import HeronState
import Logging

/// Opens the state that the settings name; what the library has to tell goes to a log. Throws `StateError`.
public func openStateManager(_ settings: StateSettings, log: Logger) async throws -> any StateManager {
    try await openStateManager(settings) { level, message in
        log.log(level: Logger.Level(level), "state: \(message)")
    }
}

extension Logger.Level {
    fileprivate init(_ level: StateLogLevel) {
        self =
            switch level {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
    }
}
