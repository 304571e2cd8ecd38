/// How to reach Mesos's masters, and with what patience.
public struct MesosOptions: Sendable, Hashable {
    /// What `https` needs beyond the system's authorities; files in PEM format, read at every connection.
    public struct TLSOptions: Sendable, Hashable {
        /// The authorities to trust instead of the system's.
        public var caFile: String?
        /// This client's certificate, where masters want one.
        public var certificateFile: String?
        /// Its key; nil if it is in the certificate's file.
        public var keyFile: String?
        /// Whether the certificate has to be the host's that was connected to; it has to be trusted in any case.
        public var verifiesHost = true
        /// Whether masters that were found in ZooKeeper speak TLS; nothing there says so.
        public var isUsedForDetectedMasters = false

        public init() {}
    }

    /// The pauses between attempts to subscribe.
    public struct BackoffOptions: Sendable, Hashable {
        /// The first pause is a random one up to this.
        public var initial = Duration.seconds(2)
        /// Later ones double up to this.
        public var maximum = Duration.seconds(15)
        /// A subscription that held this long sets the pauses back to the first.
        public var stableAfter = Duration.seconds(60)

        public init() {}
    }

    public var master: MasterAddress
    public var authentication = MesosAuthentication.none
    public var tls = TLSOptions()
    /// For the name look-up, the connection and TLS's handshake.
    public var connectTimeout = Duration.seconds(10)
    /// How long a call may take, and an attempt to subscribe until SUBSCRIBED.
    public var callTimeout = Duration.seconds(75)
    /// How long calls that wait have to get out when the driver is closed.
    public var closeTimeout = Duration.seconds(5)
    /// After how many heartbeats' time without a byte a subscription counts as lost. At least 1.
    public var missedHeartbeats = 5
    public var backoff = BackoffOptions()
    /// The longest event that is taken, in bytes.
    public var maximumRecordBytes = 64 << 20
    /// The session with ZooKeeper, where masters are found in it.
    public var zooKeeperSessionTimeout = Duration.seconds(10)

    public init(master: MasterAddress) {
        self.master = master
    }
}

/// Why a driver cannot be made of its options: one line, without any secret.
public struct MesosOptionsError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
