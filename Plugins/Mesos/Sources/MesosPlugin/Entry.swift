import MesosScheduling
import PluginABI
import PluginKit

private let plugin = SwiftPlugin(
    name: "mesos",
    version: "0.1.0",
    schedulers: ["org.apache.heron.scheduler.mesos.MesosScheduler": { MesosScheduler(host: $0) }],
    launchers: ["org.apache.heron.scheduler.mesos.MesosLauncher": { MesosLauncher(host: $0) }],
    operations: MesosOperations.all
)

/// The library's only symbol.
// swift-format-ignore: AlwaysUseLowerCamelCase
@c @implementation
public func heron_plugin_entry(_ hostMajor: UInt32, _ hostMinor: UInt32) -> UnsafePointer<heron_plugin>? {
    plugin.entry
}
