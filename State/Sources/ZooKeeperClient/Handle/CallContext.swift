internal import CZooKeeper

/// What the C client hands back with the answer to a call.
final class CallContext<Value>: Sendable {
    let path: String
    private let watcher: HandleWatcher
    private let completion: ZooKeeperHandle.Completion<Value>

    init(_ path: String, _ watcher: HandleWatcher, _ completion: @escaping ZooKeeperHandle.Completion<Value>) {
        self.path = path
        self.watcher = watcher
        self.completion = completion
    }

    /// Ends the call whose context this is; to be called once for each context.
    static func finish(_ context: UnsafeRawPointer?, _ code: Int32, _ value: () -> Value) {
        guard let context else { return }
        let call = Unmanaged<CallContext<Value>>.fromOpaque(context).takeRetainedValue()
        // The C client itself learns it with its next heartbeat only.
        if code == ZSESSIONEXPIRED.rawValue || code == ZooKeeperError.unknownSession { call.watcher.onEvent(.expired) }
        call.completion(code == ZOK.rawValue ? .success(value()) : .failure(ZooKeeperError(code, call.path)))
    }
}

extension ZooKeeperError {
    /// What a server answers, in place of "expired", to a session that ended while the request was on its way
    /// (`UNKNOWNSESSION` of its `KeeperException`); the C client's header does not have it.
    fileprivate static let unknownSession: Int32 = -12

    /// The error for one of the C client's codes, `ZOO_ERRORS` in its header.
    init(_ code: Int32, _ path: String) {
        let meaning: Code =
            switch ZOO_ERRORS(rawValue: code) {
            case ZNONODE: .noNode
            case ZNODEEXISTS: .nodeExists
            case ZBADVERSION: .badVersion
            case ZNOTEMPTY: .notEmpty
            case ZNOCHILDRENFOREPHEMERALS: .noChildrenForEphemerals
            case ZNOAUTH, ZINVALIDACL: .notAuthorized
            case ZAUTHFAILED, ZSESSIONCLOSEDREQUIRESASLAUTH: .authenticationFailed
            case ZCONNECTIONLOSS, ZOPERATIONTIMEOUT, ZSESSIONEXPIRED, ZSESSIONMOVED, ZCLOSING, ZINVALIDSTATE,
                ZTHROTTLEDOP:
                .connectionLost
            default: code == Self.unknownSession ? .connectionLost : .other(code)
            }
        var detail = ""
        if case .other = meaning { detail = zerror(code).map { String(cString: $0) } ?? "" }
        self.init(meaning, path: path, detail: detail)
    }
}

extension ZooKeeperStat {
    init(_ stat: Stat) {
        self.init(
            created: stat.czxid,
            modified: stat.mzxid,
            version: stat.version,
            ephemeralOwner: stat.ephemeralOwner
        )
    }
}
