import PluginABI
import PluginHost

extension WatchedHost {
    static let state = ABITable.immortal(
        heron_state(
            size: UInt32(MemoryLayout<heron_state>.size),
            reserved: 0,
            get: { host, path, data, version in
                WatchedHost.state(host, "get", path) { $1.get?($0.real, path, data, version) }
            },
            exists: { host, path in
                WatchedHost.state(host, "exists", path) { $1.exists?($0.real, path) }
            },
            children: { host, path, names in
                WatchedHost.state(host, "children", path) { $1.children?($0.real, path, names) }
            },
            create: { host, path, data, lifetime in
                WatchedHost.state(host, "create", path, data) { $1.create?($0.real, path, data, lifetime) }
            },
            set: { host, path, data, expected, version in
                WatchedHost.state(host, "set", path, data) { $1.set?($0.real, path, data, expected, version) }
            },
            remove: { host, path, expected in
                WatchedHost.state(host, "remove", path) { $1.remove?($0.real, path, expected) }
            },
            multi: { host, steps, count in
                let isValid: (Recorder) -> Bool = { $0.accepts(steps, count) }
                return WatchedHost.ask(host, "multi", heron_state.self, HERON_HOST_STATE, isValid) {
                    $1.multi?($0.real, steps, count)
                }
            },
            watch: { host, path, watcher, context, watch in
                WatchedHost.state(host, "watch", path) { $1.watch?($0.real, path, watcher, context, watch) }
            },
            unwatch: { host, watch in
                WatchedHost.serve(host, "unwatch", otherwise: (), isBound: true) {
                    $0.service(HERON_HOST_STATE, as: heron_state.self)?.unwatch?($0.real, watch)
                }
            }
        )
    )

    private static func state(
        _ host: UnsafePointer<heron_host>?,
        _ function: String,
        _ path: heron_string,
        _ data: heron_bytes = heron_bytes(),
        _ body: (WatchedHost, heron_state) -> heron_status?
    ) -> heron_status {
        let isValid: (Recorder) -> Bool = {
            $0.accepts(path, .text, "the path of a node") && $0.accepts(data, "a node's data")
        }
        return ask(host, function, heron_state.self, HERON_HOST_STATE, isValid, body)
    }
}

extension Recorder {
    /// Whether the steps of a multi can be read.
    fileprivate func accepts(_ steps: UnsafePointer<heron_state_step>?, _ count: Int) -> Bool {
        guard count >= 0, count <= 1 << 16, steps != nil || count == 0 else {
            note(.acceptance, "multi of the host is told \(UInt(bitPattern: count)) steps")
            return false
        }
        return UnsafeBufferPointer(start: steps, count: count).allSatisfy {
            accepts($0.path, .text, "the path of a step") && accepts($0.data, "the data of a step")
        }
    }
}
