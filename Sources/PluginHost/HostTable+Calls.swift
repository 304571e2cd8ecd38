import PluginABI

/// When the plugin's thread was last seen in the host.
enum PluginActivity: Sendable {
    /// Also between two calls of the plugin, however long that is.
    case inHost
    case inPlugin(since: ContinuousClock.Instant)
}

extension HostTable {
    /// For how long the plugin's thread has been in the plugin, without a call of the host.
    var silence: Duration {
        switch activity.withLock({ $0 }) {
        case .inHost: .zero
        case .inPlugin(let since): since.duration(to: .now)
        }
    }

    /// The plugin has called the host, or returned to it.
    func enter() {
        if thread.isCurrent { activity.withLock { $0 = .inHost } }
    }

    /// The plugin is called, or goes on.
    func leave() {
        if thread.isCurrent { activity.withLock { $0 = .inPlugin(since: .now) } }
    }

    /// Calls a function of the plugin on the current thread, its own; a failure becomes a ``PluginError`` with what was
    /// reported.
    func call<Value>(_ function: String, _ body: () -> (heron_status, Value)) throws -> Value {
        beginCall()
        leave()
        let (status, value) = CrashGuard.inside(plugin, function, body)
        guard status != HERON_OK else { return value }
        let report = takeReport()
        let hint: String? = report.flatMap { $0.hint.isEmpty ? nil : $0.hint }
        let message: String = report?.message ?? "failed with status \(status) and gave no reason"
        throw PluginError(.failed(status), plugin: plugin, function: function, message, hint: hint)
    }
}
