import HeronState

/// What a plugin may ask of the process that loaded it; implemented by the embedder, one object per plugin instance.
///
/// The methods are called on the plugin's own threads, never on a thread of Swift's cooperative pool: an `async` method
/// may take its time, because PluginHost blocks nothing but the plugin's thread on it. An error that a method throws
/// reaches the plugin as a status, and the user through ``PluginError`` with the error's description as message.
public protocol HostServices: Sendable {
    /// What is known about the topology and the place where it runs.
    var facts: RuntimeFacts { get }

    /// The state of all topologies, or nil where there is none; its paths are relative to the state's root.
    var state: (any StateManager)? { get }

    /// Writes one line for people. Must not block for long.
    func log(_ level: PluginLogLevel, plugin: String, _ message: String)

    /// The value of a configuration key with every token expanded, or nil if no layer sets it.
    ///
    /// PluginHost itself falls back on the default that the plugin's manifest declares.
    func configValue(_ key: String) -> String?

    /// Every key that is set and its value, ordered by key. Must leave out keys that hold secrets of other parts.
    func configEntries() -> [ConfigEntry]

    /// Replaces `${TOKENS}` in a default of the plugin's manifest, as in a value of the cluster's files.
    func expandTokens(_ text: String) throws -> String

    /// The command line that starts the executor of a container: the program, then its arguments.
    func executorCommand(container: Int32, ports: ContainerPorts) async throws -> [String]

    /// Takes note of what became of a container; called in the order of the changes of that container.
    func containerChanged(_ status: ContainerStatus) async

    /// Adds to a counter that only grows.
    func addToCounter(_ name: String, _ amount: UInt64)

    /// Sets a value that goes up and down.
    func setGauge(_ name: String, _ value: Double)

    /// The plugin cannot go on, or has nothing left to do: asks the process to end in an orderly way, soon.
    func requestShutdown(failed: Bool, reason: String)
}

/// What a scheduler may ask beyond ``HostServices``.
public protocol SchedulerHostServices: HostServices {
    /// Serves a regular file of the working directory over HTTP and returns its absolute URL.
    ///
    /// Called on a thread of the plugin's own; may block. Throws ``PublishingError``.
    ///
    /// - Parameters:
    ///   - file: relative to the working directory, or absolute in it.
    ///   - once: false for a URL with the file's checksum, true for one with a random token that is gone after one
    ///     complete download or after a while.
    func publish(file: String, once: Bool) throws -> String
}

/// Why a file cannot be served.
public struct PublishingError: Error, Sendable, CustomStringConvertible {
    public enum Code: Sendable, Hashable {
        /// The scheduler has no service that could serve it.
        case unsupported
        case notFound
        /// It lies elsewhere, or is not a regular file.
        case notServable
        /// It cannot be read, or changes while it is read; or the service does not listen yet.
        case unavailable
    }

    public let code: Code
    public let message: String
    /// What to do about it; may be empty.
    public let hint: String

    public init(_ code: Code, _ message: String, hint: String = "") {
        self.code = code
        self.message = message
        self.hint = hint
    }

    public var description: String { hint.isEmpty ? message : "\(message); \(hint)" }
}

/// What a launcher may ask beyond ``HostServices``.
public protocol LauncherServices: HostServices {
    /// Fetches a package and unpacks it in a directory that exists, refusing entries that would leave it.
    func fetchPackage(uri: String, into directory: String) async throws

    /// Starts the scheduler service for this topology in a working directory that the launcher has prepared.
    func startSchedulerService(workingDirectory: String) async throws

    /// Schedules in this process, for `heron.scheduler.is.service: false`.
    func scheduleAsLibrary(workingDirectory: String) async throws
}

/// How much a log line matters.
public enum PluginLogLevel: Int32, Sendable, CaseIterable {
    case debug = 1
    case info = 2
    case warning = 3
    case error = 4
}

/// One setting of the effective configuration.
public struct ConfigEntry: Sendable, Hashable {
    public let key: String
    public let value: String

    public init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}
