import LocalScheduling
import PluginABI
import PluginKit

private let plugin = SwiftPlugin(
    name: "local",
    version: "0.1.0",
    schedulers: ["org.apache.heron.scheduler.local.LocalScheduler": { LocalScheduler(host: $0) }],
    launchers: ["org.apache.heron.scheduler.local.LocalLauncher": { LocalLauncher(host: $0) }],
    operations: LocalOperations.all
)

/// The library's only symbol.
// swift-format-ignore: AlwaysUseLowerCamelCase
@c @implementation
public func heron_plugin_entry(_ hostMajor: UInt32, _ hostMinor: UInt32) -> UnsafePointer<heron_plugin>? {
    plugin.entry
}
