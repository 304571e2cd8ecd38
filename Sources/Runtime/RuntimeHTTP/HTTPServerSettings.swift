/// Where an HTTP server listens and what it puts up with.
public struct HTTPServerSettings: Sendable {
    /// A numeric address or a host name.
    public var host: String
    /// 0 for any free port.
    public var port: Int
    /// A larger body is answered with 413.
    public var maxBodyBytes: Int = 1 << 20
    /// Of a request's header, all fields together; a larger one is answered with 400.
    public var maxHeaderBytes: Int = 64 << 10
    /// Further clients wait until one of these has gone.
    public var maxConnections: Int = 128
    /// How long a connection may stand without a request.
    public var idleTimeout: Duration = .seconds(60)
    /// How long the body of a request may take.
    public var bodyTimeout: Duration = .seconds(30)
    /// How long a client may take nothing of an answer.
    public var writeTimeout: Duration = .seconds(60)
    /// Called with one line when a connection cannot be taken, for want of descriptors or memory; it waits a second.
    public var onAcceptFailure: @Sendable (String) -> Void = { _ in }

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}
