import PluginABI
import PluginHost

extension WatchedHost {
    static let containers = ABITable.immortal(
        heron_containers(
            size: UInt32(MemoryLayout<heron_containers>.size),
            reserved: 0,
            executor_command: { host, container, ports, count, arguments in
                WatchedHost.ask(host, "executor_command", heron_containers.self, HERON_HOST_CONTAINERS) {
                    $1.executor_command?($0.real, container, ports, count, arguments)
                }
            },
            changed: { host, container in
                let isValid: (Recorder) -> Bool = { $0.accepts(container) }
                return WatchedHost.ask(host, "changed", heron_containers.self, HERON_HOST_CONTAINERS, isValid) {
                    $1.changed?($0.real, container)
                }
            }
        )
    )

    static let packages = ABITable.immortal(
        heron_packages(
            size: UInt32(MemoryLayout<heron_packages>.size),
            reserved: 0,
            publish: { host, file, url in
                let isValid: (Recorder) -> Bool = { $0.accepts(file, .text, "the name of a file") }
                return WatchedHost.ask(host, "publish", heron_packages.self, HERON_HOST_PACKAGES, isValid) {
                    $1.publish?($0.real, file, url)
                }
            },
            publish_once: { host, file, url in
                let isValid: (Recorder) -> Bool = { $0.accepts(file, .text, "the name of a file") }
                return WatchedHost.ask(host, "publish_once", heron_packages.self, HERON_HOST_PACKAGES, isValid) {
                    $1.publish_once?($0.real, file, url)
                }
            }
        )
    )

    static let metrics = ABITable.immortal(
        heron_metrics(
            size: UInt32(MemoryLayout<heron_metrics>.size),
            reserved: 0,
            add: { host, name, amount in
                let isValid: (Recorder) -> Bool = { $0.accepts(name, .text, "the name of a metric") }
                return WatchedHost.ask(host, "add", heron_metrics.self, HERON_HOST_METRICS, isValid) {
                    $1.add?($0.real, name, amount)
                }
            },
            set: { host, name, value in
                let isValid: (Recorder) -> Bool = { $0.accepts(name, .text, "the name of a metric") }
                return WatchedHost.ask(host, "set", heron_metrics.self, HERON_HOST_METRICS, isValid) {
                    $1.set?($0.real, name, value)
                }
            }
        )
    )

    static let launching = ABITable.immortal(
        heron_launching(
            size: UInt32(MemoryLayout<heron_launching>.size),
            reserved: 0,
            fetch_package: { host, uri, directory in
                let isValid: (Recorder) -> Bool = {
                    $0.accepts(uri, .text, "the address of a package") && $0.accepts(directory, .text, "a directory")
                }
                return WatchedHost.ask(host, "fetch_package", heron_launching.self, HERON_HOST_LAUNCHING, isValid) {
                    $1.fetch_package?($0.real, uri, directory)
                }
            },
            start_scheduler_service: { host, directory in
                WatchedHost.launch(host, "start_scheduler_service", directory) { $0.start_scheduler_service }
            },
            schedule_as_library: { host, directory in
                WatchedHost.launch(host, "schedule_as_library", directory, isBound: true) { $0.schedule_as_library }
            }
        )
    )

    private typealias Launch = @convention(c) (UnsafePointer<heron_host>?, heron_string) -> heron_status

    private static func launch(
        _ host: UnsafePointer<heron_host>?,
        _ function: String,
        _ directory: heron_string,
        isBound: Bool = false,
        _ member: (heron_launching) -> Launch?
    ) -> heron_status {
        let isValid: (Recorder) -> Bool = { $0.accepts(directory, .text, "a directory") }
        return ask(host, function, heron_launching.self, HERON_HOST_LAUNCHING, isBound: isBound, isValid) {
            member($1)?($0.real, directory)
        }
    }

    /// Hands a call to a service of the real host on.
    static func ask<Service>(
        _ host: UnsafePointer<heron_host>?,
        _ function: String,
        _ type: Service.Type,
        _ id: String,
        isBound: Bool = false,
        _ isValid: (Recorder) -> Bool = { _ in true },
        _ body: (WatchedHost, Service) -> heron_status?
    ) -> heron_status {
        serve(host, function, otherwise: HERON_CLOSED, isBound: isBound, valid: isValid) { watched in
            guard let service = watched.service(id, as: type) else { return HERON_UNSUPPORTED }
            return watched.judge(body(watched, service) ?? HERON_UNSUPPORTED, function)
        }
    }
}

extension Recorder {
    /// Whether what a scheduler says about a container can be read.
    fileprivate func accepts(_ container: UnsafePointer<heron_container>?) -> Bool {
        guard let container else { return true }
        let copy = ABITable.copy(container)
        let least = UInt32(MemoryLayout<heron_container>.offset(of: \.detail_count) ?? 0)
        guard copy.size >= least else {
            note(.acceptance, "a container is reported with a size of \(copy.size) bytes")
            return false
        }
        guard copy.detail_count <= Int(HERON_DETAIL_LIMIT), let details = copy.details else {
            return accepts(copy.host, .line, "a container's host")
                && accepts(copy.reason, .line, "a container's reason")
        }
        let pairs = UnsafeBufferPointer(start: details, count: max(0, copy.detail_count))
        return accepts(copy.host, .line, "a container's host") && accepts(copy.reason, .line, "a container's reason")
            && pairs.allSatisfy {
                accepts($0.key, .line, "the name of a container's detail")
                    && accepts($0.value, .line, "a container's detail")
            }
    }
}
