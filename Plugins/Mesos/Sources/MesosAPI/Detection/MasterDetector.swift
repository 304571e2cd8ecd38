import ZooKeeperClient

/// Follows who leads, in ZooKeeper, until it is stopped or ZooKeeper does not let it in.
///
/// Reads only: masters register themselves, and a path that is not there is not created. The leader that is known stays
/// so while the connection is lost, until the session counts as expired.
final class MasterDetector: Sendable {
    private let task: Task<Void, Never>

    /// Begins. Both functions are called by tasks.
    ///
    /// - Parameter usesTLS: masters are then reached by their names, which are what certificates are for.
    init(
        _ place: ZooKeeperPlace,
        sessionTimeout: Duration,
        usesTLS: Bool,
        log: @escaping @Sendable (MesosLogLevel, String) -> Void,
        report: @escaping @Sendable (Detection) -> Void
    ) {
        let detection = LeaderSearch(place, sessionTimeout, usesTLS: usesTLS, log: log, report: report)
        task = Task { await detection.run() }
    }

    deinit {
        task.cancel()
    }

    /// Ends it; the session ends soon after.
    func stop() {
        task.cancel()
    }
}

/// What a detector's task does.
private struct LeaderSearch: Sendable {
    private enum Input: Sendable {
        /// Nil if there is no node.
        case children([String]?)
        case session(ZooKeeperSessionEvent)
        case failed(ZooKeeperError)
    }

    private let place: ZooKeeperPlace
    private let options: ZooKeeperOptions
    private let usesTLS: Bool
    private let log: @Sendable (MesosLogLevel, String) -> Void
    private let report: @Sendable (Detection) -> Void

    /// How long a read may take; whoever changes something meanwhile is told anyway.
    private static let patience = Duration.seconds(10)
    private static let pause = Duration.seconds(1)

    init(
        _ place: ZooKeeperPlace,
        _ sessionTimeout: Duration,
        usesTLS: Bool,
        log: @escaping @Sendable (MesosLogLevel, String) -> Void,
        report: @escaping @Sendable (Detection) -> Void
    ) {
        self.place = place
        self.usesTLS = usesTLS
        self.log = log
        self.report = report
        var options = ZooKeeperOptions(connection: place.connection, credentials: place.credentials)
        options.sessionTimeout = sessionTimeout
        options.connectionTimeout = .seconds(5)
        options.retryInterval = .seconds(2)
        self.options = options
    }

    /// Runs until the task is cancelled or ZooKeeper does not let us in.
    func run() async {
        while !Task.isCancelled {
            do {
                let client = try await ZooKeeperClient.open(options) { level, text in log(MesosLogLevel(level), text) }
                let error = await follow(client)
                await client.close()
                if let error { throw error }
            } catch let error as ZooKeeperError {
                guard !Task.isCancelled else { return }
                guard !isDenial(error) else { return report(.denied(reason: text(error))) }
                report(.unknown(reason: text(error)))
            } catch {
                return
            }
            try? await Task.sleep(for: Self.pause)
        }
    }

    /// Follows one client until it fails or the task is cancelled.
    private func follow(_ client: ZooKeeperClient) async -> ZooKeeperError? {
        let (inputs, continuation) = AsyncStream.makeStream(of: Input.self)
        return await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    let children = client.watchChildren(place.path, { $0 }, failingWith: { $0 })
                    for try await names in children { continuation.yield(.children(names)) }
                    continuation.yield(.failed(ZooKeeperError(.closed)))
                } catch {
                    continuation.yield(.failed(error as? ZooKeeperError ?? ZooKeeperError(.closed)))
                }
            }
            group.addTask {
                for await event in client.events({ $0 }) { continuation.yield(.session(event)) }
            }
            defer { group.cancelAll() }
            return await consume(inputs, client)
        }
    }

    private func consume(_ inputs: AsyncStream<Input>, _ client: ZooKeeperClient) async -> ZooKeeperError? {
        var isExpired = false
        for await input in inputs {
            do {
                switch input {
                case .children(let names):
                    try await look(at: names, client)
                case .session(.expired):
                    isExpired = true
                    report(.unknown(reason: "the session with ZooKeeper at \(place.connection) has expired"))
                case .session(.connected), .session(.renewed):
                    // What is watched is told only if it has changed meanwhile.
                    guard isExpired else { continue }
                    isExpired = false
                    try await look(at: try await client.children(place.path, before: .now + Self.patience), client)
                case .session(.disconnected), .session(.ephemeralLost):
                    continue
                case .failed(let error):
                    return error
                }
            } catch let error as ZooKeeperError {
                return error
            } catch {
                return nil
            }
        }
        return nil
    }

    private func look(at names: [String]?, _ client: ZooKeeperClient) async throws {
        guard let names else {
            return report(
                .noLeader(reason: "there is no node \(place.path) at \(place.connection); is the path right?")
            )
        }
        guard let leader = MasterRegistration.leader(among: names) else {
            return report(.noLeader(reason: "no master has registered at \(place)"))
        }
        let node = try await client.get("\(place.path)/\(leader.name)", before: .now + Self.patience)
        // Gone again, so that the children change, too.
        guard let node else { return }
        if let endpoint = leader.endpoint(node.data, usesTLS: usesTLS) {
            report(.leader(endpoint))
        } else {
            report(.noLeader(reason: "the leader's node \(leader.name) at \(place) says no address that is known here"))
        }
    }

    private func isDenial(_ error: ZooKeeperError) -> Bool {
        error.code == .authenticationFailed || error.code == .notAuthorized
    }

    private func text(_ error: ZooKeeperError) -> String {
        switch error.code {
        case .authenticationFailed: "ZooKeeper at \(place.connection) does not take the credentials"
        case .notAuthorized: "ZooKeeper at \(place.connection) does not let this user read \(place.path)"
        case .unreachable: "ZooKeeper cannot be reached: \(error.detail.isEmpty ? "\(place.connection)" : error.detail)"
        case .connectionLost, .timeout: "the connection to ZooKeeper at \(place.connection) is lost"
        default:
            "ZooKeeper at \(place.connection) cannot be asked: \(error.detail.isEmpty ? "\(error.code)" : error.detail)"
        }
    }
}

extension MesosLogLevel {
    fileprivate init(_ level: ZooKeeperLogLevel) {
        self =
            switch level {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
    }
}
