import HeronModel

extension TopologyReport {
    /// Where the scheduler listens.
    public struct Scheduler: Encodable, Sendable, Hashable {
        /// `host:port`, or Heron's word for a scheduler without a service.
        public let endpoint: String
        public let jobLinks: [String]

        enum CodingKeys: String, CodingKey {
            case endpoint
            case jobLinks = "job_links"
        }

        init(_ location: SchedulerLocation) {
            endpoint = location.httpEndpoint
            jobLinks = location.jobPageLink
        }
    }

    /// Where a topology manager or a metrics cache listens.
    public struct Location: Encodable, Sendable, Hashable {
        public let host: String
        /// For requests of users; nil if it takes none.
        public let controllerPort: Int32?
        /// For stream managers or metrics managers.
        public let serverPort: Int32
        public let statsPort: Int32

        enum CodingKeys: String, CodingKey {
            case host
            case controllerPort = "controller_port"
            case serverPort = "server_port"
            case statsPort = "stats_port"
        }

        init(_ location: TManagerLocation) {
            host = location.host
            controllerPort = location.controllerPort
            serverPort = location.serverPort
            statsPort = location.statsPort
        }

        init(_ location: MetricsCacheLocation) {
            host = location.host
            controllerPort = location.controllerPort > 0 ? location.controllerPort : nil
            serverPort = location.serverPort
            statsPort = location.statsPort
        }
    }
}
