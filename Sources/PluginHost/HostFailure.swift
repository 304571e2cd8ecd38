import HeronState
import PluginABI

/// Why a host function could not serve a plugin, or why a plugin's function failed: what `report` carries.
package struct HostFailure: Error {
    package let status: heron_status
    package let message: String
    package let hint: String

    init(_ status: heron_status, _ message: String, hint: String = "") {
        self.status = status
        self.message = message
        self.hint = hint
    }

    /// Message and hint, for a log.
    package var line: String { hint.isEmpty ? message : "\(message); \(hint)" }

    /// What any error of the embedder means to a plugin.
    init(describing error: any Error) {
        switch error {
        case let failure as HostFailure:
            self = failure
        case let error as StateError:
            let place: String = error.path.isEmpty ? "" : "state node \(error.path): "
            self.init(error.code.status, place + error.message, hint: error.hint ?? "")
        case let error as PublishingError:
            self.init(error.code.status, error.message, hint: error.hint)
        case let error as PluginError:
            if case .failed(let status) = error.code {
                self.init(status, error.description)
            } else {
                self.init(HERON_FAILED, error.description)
            }
        default:
            self.init(HERON_FAILED, "\(error)")
        }
    }
}

extension StateError.Code {
    fileprivate var status: heron_status {
        switch self {
        case .nodeExists: HERON_ALREADY_EXISTS
        case .noNode: HERON_NOT_FOUND
        case .badVersion: HERON_BAD_VERSION
        case .notEmpty: HERON_NOT_EMPTY
        case .invalidPath, .tooLarge, .badConfiguration: HERON_INVALID_ARGUMENT
        case .notAuthorized: HERON_PERMISSION_DENIED
        case .timeout: HERON_TIMEOUT
        case .connectionLost: HERON_UNAVAILABLE
        case .closed: HERON_CLOSED
        case .corrupted, .io: HERON_FAILED
        }
    }
}

extension PublishingError.Code {
    fileprivate var status: heron_status {
        switch self {
        case .unsupported: HERON_UNSUPPORTED
        case .notFound: HERON_NOT_FOUND
        case .notServable: HERON_INVALID_ARGUMENT
        case .unavailable: HERON_UNAVAILABLE
        }
    }
}
