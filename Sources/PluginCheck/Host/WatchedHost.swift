import PluginABI
import PluginHost
import Synchronization

/// The host of an instance under test: the one that heron itself has, behind functions that see to the rules.
///
/// Unchecked, because of the C table, which is written once. It lives as long as the process, since a plugin may call
/// its host when it must not any more.
final class WatchedHost: @unchecked Sendable {
    /// What the instance may use of its host.
    enum Phase {
        case creating, living, destroyed
    }

    let recorder: Recorder
    let lane: Lane
    private let inner: HostTable
    private let table: UnsafeMutablePointer<heron_host>
    private let phase = Mutex(Phase.creating)

    /// What the plugin is given.
    var pointer: UnsafePointer<heron_host> { UnsafePointer(table) }
    /// Heron's own.
    var real: UnsafePointer<heron_host> { inner.pointer }

    /// Throws `PluginError` if a setting is not of the type that the manifest declares.
    init(_ manifest: PluginManifest, _ services: any HostServices, _ lane: Lane, _ recorder: Recorder) throws {
        self.recorder = recorder
        self.lane = lane
        inner = try HostTable(manifest: manifest, services: services, thread: lane.thread)
        table = .allocate(capacity: 1)
        table.initialize(to: WatchedHost.functions)
        table.pointee.data = Unmanaged.passRetained(self).toOpaque()
    }

    func enter(_ phase: Phase) {
        self.phase.withLock { $0 = phase }
        if phase == .destroyed { inner.removeWatches() }
    }

    /// A call of the plugin begins.
    func beginCall() {
        inner.beginCall()
    }

    /// What was reported during the call that ended.
    func takeReport() -> HostFailure? {
        inner.takeReport()
    }

    /// The host behind the pointer that the plugin passes.
    static func of(_ host: UnsafePointer<heron_host>?) -> WatchedHost? {
        guard let data = host?.pointee.data else { return nil }
        return Unmanaged<WatchedHost>.fromOpaque(data).takeUnretainedValue()
    }

    /// Serves a call of the plugin if it keeps to the rules; notes which it breaks.
    ///
    /// - Parameters:
    ///   - refusal: what the function returns if it is not served.
    ///   - isEarly: whether the function may be called before `create` has returned.
    ///   - isBound: whether it must be called on the plugin thread.
    ///   - valid: whether the arguments can be read.
    static func serve<Value>(
        _ host: UnsafePointer<heron_host>?,
        _ function: String,
        otherwise refusal: Value,
        isEarly: Bool = false,
        isBound: Bool = false,
        valid: (Recorder) -> Bool = { _ in true },
        _ body: (WatchedHost) -> Value
    ) -> Value {
        guard let watched = of(host) else { return refusal }
        guard watched.allows(function, isEarly: isEarly, isBound: isBound), valid(watched.recorder) else {
            return refusal
        }
        return body(watched)
    }

    private func allows(_ function: String, isEarly: Bool, isBound: Bool) -> Bool {
        switch phase.withLock({ $0 }) {
        case .destroyed:
            recorder.note(.afterDestroy, "\(function) of the host is called after destroy")
            return false
        case .creating where !isEarly:
            recorder.note(.earlyCalls, "\(function) of the host is called")
        case .creating, .living:
            break
        }
        if isBound && !lane.thread.isCurrent {
            recorder.note(.hostThreads, "\(function) of the host is called on another thread than the plugin thread")
        }
        if Lane.isInAnotherCall(than: self) {
            recorder.note(.twoInstances, "\(function) of another instance's host is called")
        }
        return true
    }

    /// Notes what a status of the host says about the plugin.
    func judge(_ status: heron_status, _ function: String) -> heron_status {
        if status == HERON_WRONG_THREAD {
            recorder.note(.hostThreads, "\(function) of the host is called on a thread that must not block")
        }
        if status == HERON_INVALID_ARGUMENT {
            let reason = lane.thread.isCurrent ? inner.peekReport()?.message : nil
            recorder.note(.acceptance, "\(function) of the host refuses: \(reason ?? "an argument is wrong")")
        }
        return status
    }

    /// A service of the real host.
    func service<Service>(_ id: String, as type: Service.Type) -> Service? {
        real.pointee.get_extension?(real, id)?.assumingMemoryBound(to: Service.self).pointee
    }
}

extension WatchedHost {
    private static var functions: heron_host {
        heron_host(
            size: UInt32(MemoryLayout<heron_host>.size),
            abi_major: ABIVersion.host.major,
            abi_minor: ABIVersion.host.minor,
            reserved: 0,
            data: nil,
            get_extension: { host, id in
                WatchedHost.serve(
                    host,
                    "get_extension",
                    otherwise: nil,
                    valid: { $0.accepts(id, "the id of an extension") }
                ) {
                    $0.watchedService(id)
                }
            },
            log: { host, level, message in
                WatchedHost.serve(
                    host,
                    "log",
                    otherwise: (),
                    valid: { $0.accepts(message, .line, "a message for the log") }
                ) {
                    if !(HERON_LOG_DEBUG...HERON_LOG_ERROR).contains(level) {
                        $0.recorder.note(.acceptance, "log of the host is told the level \(level)")
                    }
                    $0.real.pointee.log?($0.real, level, message)
                }
            },
            report: { host, code, message, hint in
                let isValid: (Recorder) -> Bool = {
                    $0.accepts(message, .line, "a report") && $0.accepts(hint, .line, "the hint of a report")
                }
                WatchedHost.serve(host, "report", otherwise: (), isEarly: true, valid: isValid) { watched in
                    if message.length == 0 { watched.recorder.note(.texts, "a report has no message") }
                    watched.real.pointee.report?(watched.real, code, message, hint)
                }
            },
            config: { host, key, sink in
                let isValid: (Recorder) -> Bool = { $0.accepts(key, .text, "a configuration key") }
                return WatchedHost.serve(host, "config", otherwise: HERON_CLOSED, valid: isValid) {
                    $0.real.pointee.config?($0.real, key, sink) ?? HERON_UNSUPPORTED
                }
            },
            config_each: { host, sink in
                WatchedHost.serve(host, "config_each", otherwise: HERON_CLOSED) {
                    $0.real.pointee.config_each?($0.real, sink) ?? HERON_UNSUPPORTED
                }
            },
            fact: { host, name, sink in
                let isValid: (Recorder) -> Bool = { $0.accepts(name, "the name of a fact") }
                return WatchedHost.serve(host, "fact", otherwise: HERON_CLOSED, valid: isValid) {
                    $0.real.pointee.fact?($0.real, name, sink) ?? HERON_UNSUPPORTED
                }
            },
            request_shutdown: { host, failed, reason in
                let isValid: (Recorder) -> Bool = { $0.accepts(reason, .line, "the reason of a shutdown") }
                WatchedHost.serve(host, "request_shutdown", otherwise: (), valid: isValid) {
                    $0.real.pointee.request_shutdown?($0.real, failed, reason)
                }
            }
        )
    }

    private func watchedService(_ id: UnsafePointer<CChar>?) -> UnsafeRawPointer? {
        // What this kind of instance does not have, it does not have here either.
        guard let id, real.pointee.get_extension?(real, id) != nil else { return nil }
        switch String(cString: id) {
        case HERON_HOST_STATE: return UnsafeRawPointer(WatchedHost.state.pointer)
        case HERON_HOST_CONTAINERS: return UnsafeRawPointer(WatchedHost.containers.pointer)
        case HERON_HOST_PACKAGES: return UnsafeRawPointer(WatchedHost.packages.pointer)
        case HERON_HOST_METRICS: return UnsafeRawPointer(WatchedHost.metrics.pointer)
        case HERON_HOST_LAUNCHING: return UnsafeRawPointer(WatchedHost.launching.pointer)
        default: return nil
        }
    }
}
