import PluginKit

/// The plugin's configuration; keys and defaults are declared in `plugin.yaml`.
struct LocalSettings {
    /// How long an executor has between SIGTERM and SIGKILL.
    let killGrace: Duration
    let backOff: BackOff

    static let workingDirectoryKey = "heron.scheduler.local.working.directory"

    init(_ host: Host) throws {
        killGrace = try LocalSettings.milliseconds(host, "heron.scheduler.local.kill.grace.ms")
        backOff = BackOff(
            delay: try LocalSettings.milliseconds(host, "heron.scheduler.local.restart.delay.ms"),
            maximum: try LocalSettings.milliseconds(host, "heron.scheduler.local.restart.delay.max.ms"),
            stable: try LocalSettings.milliseconds(host, "heron.scheduler.local.restart.stable.ms")
        )
    }

    private static func milliseconds(_ host: Host, _ key: String) throws -> Duration {
        guard let value = host.config(key).flatMap({ Int64($0) }), (0...86_400_000).contains(value) else {
            throw PluginFailure(.invalidArgument, "\(key) must be 0 to 86400000 milliseconds")
        }
        return .milliseconds(value)
    }
}
