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
    func stateError(_ cause: ZooKeeperError, path: String) -> StateError {
        func error(_ code: StateError.Code, _ message: String, _ hint: String? = nil) -> StateError {
            StateError(code, path: path, message, hint: hint)
        }
        return switch cause.code {
        case .noNode: error(.noNode, "the node does not exist")
        case .nodeExists:
            error(.nodeExists, "the node exists already" + (cause.detail.isEmpty ? "" : ", held by \(cause.detail)"))
        case .badVersion:
            error(.badVersion, "the node has another version", "someone else has changed it: read it again")
        case .notEmpty: error(.notEmpty, "the node has children")
        case .noChildrenForEphemerals: error(.invalidPath, "an ephemeral node cannot have children")
        case .notAuthorized: error(.notAuthorized, notAuthorized, Self.credentialsHint)
        case .authenticationFailed:
            error(.notAuthorized, "\(location) does not accept the credentials", Self.credentialsHint)
        case .unreachable:
            error(
                .connectionLost,
                "\(location) cannot be reached" + (cause.detail.isEmpty ? "" : " (\(cause.detail))"),
                unreachableHint
            )
        case .connectionLost:
            error(.timeout, "the connection to \(location) broke; whether a write took place is unknown")
        case .timeout:
            error(.timeout, "no answer from \(location) in time; whether a write took place is unknown")
        case .closed: error(.closed, "the state manager is closed")
        case .other(let number):
            error(.io, "\(location) failed" + (number == 0 ? ": " : " with error \(number): ") + cause.detail)
        }
    }

    static let credentialsHint =
        "see heron.statemgr.zookeeper.auth.file and HERON_ZOOKEEPER_AUTH for the credentials, and the node's ACL"

    private var notAuthorized: String {
        let who = user.map { "user '\($0)'" } ?? "a client without credentials"
        return "the node's ACL does not let \(who) do that"
    }
}
