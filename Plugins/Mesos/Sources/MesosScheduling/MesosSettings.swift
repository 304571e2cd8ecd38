import Files
import MesosAPI
import MesosFramework
import MesosProtocol
import PluginABI
import PluginKit

/// The plugin's configuration; keys and defaults are declared in `plugin.yaml`.
struct MesosSettings {
    static let workingDirectoryKey = "heron.scheduler.mesos.scheduler.working.directory"
    static let masterKey = "heron.mesos.master.uri"
    static let sharedPackagesKey = "heron.mesos.package.shared"

    let options: MesosOptions
    let resourceRole: String
    let principal: String?
    let failoverTimeout: Double
    let cachesPackages: Bool
    let sharesPackages: Bool
    let containerZero: ContainerNeed
    private let times: [Time: Moment]

    private enum Time: String, CaseIterable {
        case registration = "heron.mesos.framework.staging.timeout.ms"
        case killGrace = "heron.mesos.task.kill.grace.ms"
        case launch = "heron.mesos.task.launch.timeout.ms"
        case restartDelay = "heron.mesos.task.restart.delay.ms"
        case restartDelayMaximum = "heron.mesos.task.restart.delay.max.ms"
        case restartStable = "heron.mesos.task.restart.stable.ms"
        case lostAgent = "heron.mesos.agent.lost.delay.ms"
        case avoid = "heron.mesos.agent.avoid.ms"

        /// Milliseconds; less would turn every short trouble into a failure, or failures into a hot loop.
        var minimum: Int64 {
            switch self {
            case .killGrace, .lostAgent: 0
            case .restartDelay: 100
            case .registration, .launch, .restartDelayMaximum, .restartStable, .avoid: 1000
            }
        }
    }

    /// For how many seconds Mesos may keep tasks without a scheduler: with less, a connection that breaks, or a restart
    /// of the service, would end the topology.
    private static let failoverTimeouts: ClosedRange<Int64> = 60...31_536_000

    /// Throws ``PluginFailure`` that names the key, for the first mistake.
    init(_ host: Host) throws {
        try self.init(SettingsReader(value: host.config))
    }

    /// The same for values from elsewhere.
    init(_ reader: SettingsReader) throws {
        times = try MesosSettings.times(reader)
        principal = reader.text("heron.mesos.framework.principal")
        options = try MesosSettings.options(reader, principal)
        resourceRole = try reader.require("heron.mesos.framework.role")
        failoverTimeout = Double(
            try reader.integer("heron.mesos.framework.failover.timeout.seconds", in: MesosSettings.failoverTimeouts)
        )
        cachesPackages = reader.flag("heron.mesos.package.cache")
        sharesPackages = reader.flag(MesosSettings.sharedPackagesKey)
        containerZero = ContainerNeed(
            container: 0,
            milliCPUs: try reader.thousandths("heron.mesos.tmanager.cpus"),
            milliMemory: try reader.thousandths("heron.mesos.tmanager.ram.mb"),
            milliDisk: try reader.thousandths("heron.mesos.tmanager.disk.mb"),
            portCount: Host.portCount
        )
    }

    private static func times(_ reader: SettingsReader) throws -> [Time: Moment] {
        var times: [Time: Moment] = [:]
        for time in Time.allCases {
            times[time] = try reader.milliseconds(time.rawValue, atLeast: time.minimum)
        }
        if let shortest = times[.restartDelay], let longest = times[.restartDelayMaximum], shortest > longest {
            throw PluginFailure(
                .invalidArgument,
                "\(Time.restartDelayMaximum.rawValue) is less than \(Time.restartDelay.rawValue)",
                hint: "set it to \(shortest) or more"
            )
        }
        return times
    }

    private static func options(_ reader: SettingsReader, _ principal: String?) throws -> MesosOptions {
        var options = MesosOptions(master: try master(reader))
        options.closeTimeout = .milliseconds(
            try reader.milliseconds("heron.mesos.scheduler.driver.stop.timeout.ms", atLeast: 100)
        )
        options.authentication = try authentication(reader, principal)
        options.tls.isUsedForDetectedMasters = reader.flag("heron.mesos.tls.enabled")
        options.tls.caFile = try reader.file("heron.mesos.tls.ca.file")
        options.tls.certificateFile = try reader.file("heron.mesos.tls.certificate.file")
        options.tls.keyFile = try reader.privateFile("heron.mesos.tls.key.file")
        options.tls.verifiesHost = reader.flag("heron.mesos.tls.verify.host")
        return options
    }

    /// The address, or what stands in the file that a `file://` URI names, as with Mesos's own tools.
    private static func master(_ reader: SettingsReader) throws -> MasterAddress {
        guard let text = reader.text(masterKey) else {
            throw PluginFailure(
                .invalidArgument,
                "\(masterKey) is not set",
                hint: "set it in the cluster's scheduler.yaml, for example to zk://host:2181/mesos"
            )
        }
        let isFile = text.hasPrefix("file://")
        let content = isFile ? try reader.secret(masterKey, in: String(text.dropFirst(7))) : text
        do throws(MasterAddressError) {
            return try MasterAddress(parsing: content)
        } catch {
            throw PluginFailure(.invalidArgument, "\(masterKey): \(error)")
        }
    }

    private static func authentication(_ reader: SettingsReader, _ principal: String?) throws -> MesosAuthentication {
        let secretKey = "heron.mesos.framework.secret.file"
        let valueKey = "heron.mesos.framework.authorization.file"
        if let value = try reader.secret(valueKey) {
            guard reader.text(secretKey) == nil else {
                throw PluginFailure(.invalidArgument, "\(secretKey) and \(valueKey) are both set", hint: "remove one")
            }
            return .authorization(value)
        }
        guard let secret = try reader.secret(secretKey) else { return .none }
        guard let principal else {
            throw PluginFailure(
                .invalidArgument,
                "\(secretKey) is set, but heron.mesos.framework.principal is not",
                hint: "name the principal whose secret it is"
            )
        }
        return .basic(principal: principal, secret: secret)
    }

    /// What the framework is told.
    func framework(_ host: Host, needs: [ContainerNeed]) throws -> FrameworkSettings {
        var info = MesosFrameworkInfo()
        let topology = try host.require(HERON_FACT_TOPOLOGY_NAME)
        info.user = try host.require(HERON_FACT_ROLE)
        info.name = "heron_scheduler_\(topology)"
        info.failoverTimeout = failoverTimeout
        info.checkpoint = true
        info.hostname = MachineName.own()
        if let principal { info.principal = principal }
        info.capabilities = [.multiRole, .partitionAware, .taskKillingState, .reservationRefinement].map { type in
            MesosFrameworkInfo.Capability.with { $0.type = type }
        }
        info.labels = TaskBuilder.labels([
            ("cluster", try host.require(HERON_FACT_CLUSTER)), ("environ", try host.require(HERON_FACT_ENVIRON)),
            ("topology", topology),
        ])
        var settings = FrameworkSettings(
            topologyID: try host.require(HERON_FACT_TOPOLOGY_ID),
            info: info,
            resourceRole: resourceRole,
            needs: needs
        )
        settings.registrationTimeout = times[.registration] ?? settings.registrationTimeout
        settings.killGrace = times[.killGrace] ?? settings.killGrace
        settings.launchTimeout = times[.launch] ?? settings.launchTimeout
        settings.restartDelay = times[.restartDelay] ?? settings.restartDelay
        settings.restartDelayMaximum = times[.restartDelayMaximum] ?? settings.restartDelayMaximum
        settings.restartStable = times[.restartStable] ?? settings.restartStable
        settings.lostAgentDelay = times[.lostAgent] ?? settings.lostAgentDelay
        settings.avoidFor = times[.avoid] ?? settings.avoidFor
        return settings
    }
}
