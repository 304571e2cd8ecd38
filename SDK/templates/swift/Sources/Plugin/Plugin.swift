import PluginABI
import PluginKit

/// What this library is and offers; the same as in plugin.yaml.
private let plugin = SwiftPlugin(
    name: "@NAME@",
    version: "0.1.0",
    schedulers: [schedulerClass: { Scheduler(host: $0) }],
    launchers: ["com.example.@CLASS@Launcher": { Launcher(host: $0) }],
    operations: Operations.all
)

let schedulerClass = "com.example.@CLASS@Scheduler"

/// The only symbol that the library exports.
// swift-format-ignore: AlwaysUseLowerCamelCase
@c @implementation
public func heron_plugin_entry(_ hostMajor: UInt32, _ hostMinor: UInt32) -> UnsafePointer<heron_plugin>? {
    plugin.entry
}
