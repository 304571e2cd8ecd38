import Glibc
import HeronState
import PluginABI
import Synchronization

/// The `heron_host` of one plugin instance: what its functions do, on top of the embedder's ``HostServices``.
///
/// Unchecked, because of the C table: it is written once in `init`, read by the plugin, and freed in `deinit`, which
/// comes after the plugin's `destroy` since the instance keeps this object until then.
package final class HostTable: @unchecked Sendable {
    let plugin: String
    let services: any HostServices
    package let thread: PluginThread
    let watches: StateWatches
    /// The values of the keys that the manifest declares, checked and with defaults filled in.
    private let declared: [String: String]
    /// What the plugin, or a host function that it called, said last about the call that is under way.
    private let lastReport = Mutex<HostFailure?>(nil)
    let activity = Mutex(PluginActivity.inHost)
    private let table: UnsafeMutablePointer<heron_host>

    package var pointer: UnsafePointer<heron_host> { UnsafePointer(table) }

    /// Throws ``PluginError`` if a declared configuration key has a value of another type.
    package init(manifest: PluginManifest, services: any HostServices, thread: PluginThread) throws {
        self.plugin = manifest.name
        self.services = services
        self.thread = thread
        self.watches = StateWatches(thread: thread) { [plugin] failure in
            services.log(.warning, plugin: plugin, "a watch has ended: \(failure.line)")
        }
        self.declared = try HostTable.declaredValues(manifest, services)
        self.table = .allocate(capacity: 1)
        table.initialize(to: heron_host())
        fill()
    }

    deinit {
        table.deallocate()
    }

    /// The object behind the pointer that a plugin passes.
    static func of(_ host: UnsafePointer<heron_host>?) -> HostTable? {
        guard let data = host?.pointee.data else { return nil }
        return Unmanaged<HostTable>.fromOpaque(data).takeUnretainedValue()
    }

    /// Runs the body of a host function; what it throws becomes a status and a report.
    static func serve(_ host: UnsafePointer<heron_host>?, _ body: (HostTable) throws -> heron_status) -> heron_status {
        guard let table = of(host) else { return HERON_INVALID_ARGUMENT }
        table.enter()
        defer { table.leave() }
        do {
            return try body(table)
        } catch {
            let failure = HostFailure(describing: error)
            table.report(failure)
            return failure.status
        }
    }

    /// Forgets earlier reports: a call begins.
    package func beginCall() {
        lastReport.withLock { $0 = nil }
    }

    /// What was reported during the call that just ended.
    package func takeReport() -> HostFailure? {
        lastReport.withLock { report in
            defer { report = nil }
            return report
        }
    }

    /// Ends all watches of the plugin.
    package func removeWatches() {
        watches.removeAll()
    }

    /// What was reported during the call that is under way.
    package func peekReport() -> HostFailure? {
        lastReport.withLock { $0 }
    }

    func report(_ failure: HostFailure) {
        if thread.isCurrent {
            lastReport.withLock { $0 = failure }
        } else {
            services.log(.warning, plugin: plugin, failure.line)
        }
    }

    func configValue(_ key: String) -> String? {
        declared[key] ?? services.configValue(key)
    }

    private static func declaredValues(
        _ manifest: PluginManifest,
        _ services: any HostServices
    ) throws -> [String: String] {
        var values: [String: String] = [:]
        for key in manifest.configKeys {
            let written: String
            if let value = services.configValue(key.key) {
                written = value
            } else if let value = key.defaultValue {
                written = try services.expandTokens(value)
            } else {
                continue
            }
            guard let value = key.type.normalized(written) else {
                throw PluginError(
                    .badConfiguration,
                    plugin: manifest.name,
                    "configuration key \(key.key) has the value '\(written)', which is not of type \(key.type.rawValue)"
                )
            }
            values[key.key] = value
        }
        return values
    }
}

extension HostTable {
    private func fill() {
        table.pointee = heron_host(
            size: UInt32(MemoryLayout<heron_host>.size),
            abi_major: ABIVersion.host.major,
            abi_minor: ABIVersion.host.minor,
            reserved: 0,
            data: Unmanaged.passUnretained(self).toOpaque(),
            get_extension: { host, id in HostTable.of(host)?.service(id) },
            log: { host, level, message in
                guard let table = HostTable.of(host) else { return }
                table.services.log(PluginLogLevel(rawValue: level) ?? .info, plugin: table.plugin, message.text)
            },
            report: { host, code, message, hint in
                HostTable.of(host)?.report(HostFailure(code, message.text, hint: hint.text))
            },
            config: { host, key, sink in
                HostTable.serve(host) { table in
                    guard let value = table.configValue(key.text) else {
                        throw HostFailure(HERON_NOT_FOUND, "configuration key \(key.text) is not set")
                    }
                    sink.put(value)
                    return HERON_OK
                }
            },
            config_each: { host, sink in HostTable.serve(host) { $0.putConfig(sink) } },
            fact: { host, name, sink in
                HostTable.serve(host) { table in
                    guard let name, let value = table.services.facts.value(String(cString: name)) else {
                        return HERON_NOT_FOUND
                    }
                    sink.put(value)
                    return HERON_OK
                }
            },
            request_shutdown: { host, failed, reason in
                HostTable.of(host)?.services.requestShutdown(failed: failed != 0, reason: reason.text)
            }
        )
    }

    private func putConfig(_ sink: heron_pair_sink) -> heron_status {
        var values = declared
        for entry in services.configEntries() where values[entry.key] == nil { values[entry.key] = entry.value }
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            key.lent { key in value.lent { value in sink.put?(sink.context, key, value) } }
        }
        return HERON_OK
    }

    private func service(_ id: UnsafePointer<CChar>?) -> UnsafeRawPointer? {
        guard let id else { return nil }
        switch String(cString: id) {
        case HERON_HOST_STATE: return services.state == nil ? nil : UnsafeRawPointer(HostTable.state.pointer)
        case HERON_HOST_CONTAINERS: return UnsafeRawPointer(HostTable.containers.pointer)
        case HERON_HOST_PACKAGES:
            return services is any SchedulerHostServices ? UnsafeRawPointer(HostTable.packages.pointer) : nil
        case HERON_HOST_METRICS: return UnsafeRawPointer(HostTable.metrics.pointer)
        case HERON_HOST_LAUNCHING:
            return services is any LauncherServices ? UnsafeRawPointer(HostTable.launching.pointer) : nil
        default: return nil
        }
    }
}

extension RuntimeFacts {
    /// The fact with a name of `heron/facts.h`, or nil if it is not known.
    func value(_ name: String) -> String? {
        let value: String
        switch name {
        case HERON_FACT_TOPOLOGY_NAME: value = topologyName
        case HERON_FACT_TOPOLOGY_ID: value = topologyID
        case HERON_FACT_CLUSTER: value = cluster
        case HERON_FACT_ROLE: value = role
        case HERON_FACT_ENVIRON: value = environ
        case HERON_FACT_SUBMIT_USER: value = submitUser
        case HERON_FACT_TOPOLOGY_PACKAGE_URI: value = topologyPackageURI
        case HERON_FACT_TOPOLOGY_FILE: value = topologyFile
        case HERON_FACT_DEFINITION_FILE: value = definitionFile
        case HERON_FACT_CORE_PACKAGE_URI: value = corePackageURI
        case HERON_FACT_CORE_PACKAGE_DIRECTORY: value = corePackageDirectory
        case HERON_FACT_WORKING_DIRECTORY: value = workingDirectory
        case HERON_FACT_HERON_HOME: value = heronHome
        case HERON_FACT_RESUMED: value = resumed ? "true" : "false"
        default: value = ""
        }
        return value.isEmpty ? nil : value
    }
}
