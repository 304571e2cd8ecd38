import ZooKeeperClient

/// Makes ``StateError``s of what the client throws.
struct ZooKeeperFailure: Sendable {
    /// `ZooKeeper at host:port,…`.
    let location: String
    /// The user of the credentials, if there are any.
    let user: String?
    /// What to do where no server can be reached.
    let unreachableHint: String

    /// - Parameter path: the node as the state names it.
    func stateError(_ error: ZooKeeperError, path: String) -> StateError {
        func error_(_ code: StateError.Code, _ message: String, _ hint: String? = nil) -> StateError {
            StateError(code, path: path, message, hint: hint)
        }
        return switch error.code {
        case .noNode: error_(.noNode, "the node does not exist")
        case .nodeExists:
            error_(.nodeExists, "the node exists already" + (error.detail.isEmpty ? "" : ", held by \(error.detail)"))
        case .badVersion:
            error_(.badVersion, "the node has another version", "someone else has changed it: read it again")
        case .notEmpty: error_(.notEmpty, "the node has children")
        case .noChildrenForEphemerals: error_(.invalidPath, "an ephemeral node cannot have children")
        case .notAuthorized: error_(.notAuthorized, notAuthorized, Self.credentialsHint)
        case .authenticationFailed:
            error_(.notAuthorized, "\(location) does not accept the credentials", Self.credentialsHint)
        case .unreachable:
            error_(
                .connectionLost,
                "\(location) cannot be reached" + (error.detail.isEmpty ? "" : " (\(error.detail))"),
                unreachableHint
            )
        case .connectionLost:
            error_(.timeout, "the connection to \(location) broke; whether a write took place is unknown")
        case .timeout:
            error_(.timeout, "no answer from \(location) in time; whether a write took place is unknown")
        case .closed: error_(.closed, "the state manager is closed")
        case .other(let number):
            error_(.io, "\(location) failed" + (number == 0 ? ": " : " with error \(number): ") + error.detail)
        }
    }

    static let credentialsHint =
        "see heron.statemgr.zookeeper.auth.file and HERON_ZOOKEEPER_AUTH for the credentials, and the node's ACL"

    private var notAuthorized: String {
        let who = user.map { "user '\($0)'" } ?? "a client without credentials"
        return "the node's ACL does not let \(who) do that"
    }
}
