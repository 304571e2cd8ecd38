import NIOCore
import NIOPosix

/// Keeps one connection to a server, and connects again for ever when it breaks.
///
/// Confined to its event loop, like ``WireServer``.
public final class WireClient {
    /// How a client behaves.
    public struct Settings: Sendable {
        /// Bytes; a larger packet from the server closes the connection.
        public var maximumPacketSize: Int
        /// The longest wait between two attempts.
        public var reconnectInterval: TimeAmount
        /// The wait before the first attempt after a disconnect; it doubles up to ``reconnectInterval``.
        public var firstReconnectInterval: TimeAmount
        /// How long an attempt may take.
        public var connectTimeout: TimeAmount

        public init(
            maximumPacketSize: Int,
            reconnectInterval: TimeAmount,
            firstReconnectInterval: TimeAmount? = nil,
            connectTimeout: TimeAmount = .seconds(5)
        ) {
            self.maximumPacketSize = maximumPacketSize
            self.reconnectInterval = reconnectInterval
            self.firstReconnectInterval = min(firstReconnectInterval ?? reconnectInterval, reconnectInterval)
            self.connectTimeout = connectTimeout
        }

        /// The wait after a number of attempts that failed one after the other.
        func interval(afterFailures failures: Int) -> TimeAmount {
            var interval = firstReconnectInterval
            for _ in 1..<max(failures, 1) where interval < reconnectInterval {
                interval = min(interval * 2, reconnectInterval)
            }
            return interval
        }
    }

    private enum State {
        case idle
        case connecting
        case connected(WireConnection)
        case waiting(Scheduled<Void>)
        case stopped
    }

    public let eventLoop: any EventLoop
    public let host: String
    public let port: Int
    /// Called when a connection stands.
    public var onConnect: (WireConnection) -> Void = { _ in }
    /// Called when a connection that stood is gone, with the reason unless the end was orderly.
    public var onDisconnect: (WireConnection, WireError?) -> Void = { _, _ in }
    /// Called when an attempt failed, with the number of attempts since the last connection.
    public var onConnectFailure: (WireError, Int) -> Void = { _, _ in }

    private let settings: Settings
    private let handlers: WireHandlers
    private var state = State.idle
    /// Attempts that failed one after the other, a connection that was refused by the owner included.
    private var attempts = 0

    public init(eventLoop: any EventLoop, host: String, port: Int, settings: Settings, handlers: WireHandlers) {
        self.eventLoop = eventLoop
        self.host = host
        self.port = port
        self.settings = settings
        self.handlers = handlers
    }

    /// The connection, while there is one.
    public var connection: WireConnection? {
        if case .connected(let connection) = state, connection.isOpen { connection } else { nil }
    }

    /// Says that the connection is of use, so that the next attempts after its end begin with the shortest wait.
    ///
    /// Without it a server that accepts and then refuses is tried less and less often.
    public func connectionIsGood() {
        attempts = 0
    }

    /// Begins to connect; has an effect only once.
    public func start() {
        guard case .idle = state else { return }
        connect()
    }

    /// Closes the connection and makes no further one; no callback follows.
    public func stop() {
        switch state {
        case .connected(let connection): connection.close()
        case .waiting(let retry): retry.cancel()
        case .idle, .connecting, .stopped: break
        }
        state = .stopped
    }

    private func connect() {
        state = .connecting
        attempts += 1
        let client = NIOLoopBound(self, eventLoop: eventLoop)
        ClientBootstrap(group: eventLoop)
            .connectTimeout(settings.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: host, port: port)
            .whenComplete { client.value.attemptEnded($0) }
    }

    private func attemptEnded(_ result: Result<any Channel, any Error>) {
        switch (state, result) {
        case (.connecting, .success(let channel)): adopt(channel)
        case (.connecting, .failure(let error)):
            let error = WireError(.connectFailed, "cannot connect to \(host):\(port): \(SystemMessage.of(error))")
            retryLater()
            onConnectFailure(error, attempts)
        case (_, .success(let channel)): channel.close(mode: .all, promise: nil)
        case (_, .failure): break
        }
    }

    /// The handler is added to a channel that is active already, so that the remote address is known from the start.
    private func adopt(_ channel: any Channel) {
        let connection = WireConnection(channel: channel, handlers: handlers)
        let handler = WireChannelHandler(
            connection: connection,
            maximumPacketSize: settings.maximumPacketSize,
            opened: { _ in },
            closed: { [weak self] in self?.closed($0, $1) }
        )
        guard channel.isActive, (try? channel.pipeline.syncOperations.addHandler(handler)) != nil else {
            retryLater()
            onConnectFailure(WireError(.connectFailed, "\(host):\(port) closed the connection at once"), attempts)
            return
        }
        state = .connected(connection)
        onConnect(connection)
    }

    private func closed(_ connection: WireConnection, _ reason: WireError?) {
        guard case .connected(let current) = state, current === connection else { return }
        retryLater()
        onDisconnect(connection, reason)
    }

    private func retryLater() {
        let retry = eventLoop.assumeIsolated().scheduleTask(in: settings.interval(afterFailures: attempts)) {
            [weak self] in
            guard let self, case .waiting = state else { return }
            connect()
        }
        state = .waiting(retry)
    }
}
