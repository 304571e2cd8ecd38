/// What one container's shell serves, and whom it may stop.
public struct ShellSettings: Sendable {
    /// 0 for any free port.
    public var port: Int
    /// What a caller that wants to stop a process must know; with an empty one nobody may.
    public var secret: String
    /// The container's working directory: nothing outside it is shown.
    public var directory: String
    /// The process id of the container's executor, whose children may be looked at and stopped.
    public var executor: Int32
    /// Where the tools are found and what they get: `PATH` and whatever else.
    public var environment: [String: String]

    public init(port: Int, secret: String, directory: String, executor: Int32, environment: [String: String]) {
        self.port = port
        self.secret = secret
        self.directory = directory
        self.executor = executor
        self.environment = environment
    }
}
