/// Where a configuration value came from.
public enum Origin: Sendable, Hashable, CustomStringConvertible {
    /// A default of Heron or of a plugin.
    case builtIn
    /// A line of a yaml file, from 1.
    case file(String, line: Int)
    /// A `--config-property` of the command line.
    case configProperty
    /// Something else on the command line: the cluster argument or an option.
    case commandLine
    /// The topology that is submitted or runs.
    case topology

    public var description: String {
        switch self {
        case .builtIn: "built-in"
        case .file(let path, let line): "\(path):\(line)"
        case .configProperty: "--config-property"
        case .commandLine: "command line"
        case .topology: "topology"
        }
    }
}
