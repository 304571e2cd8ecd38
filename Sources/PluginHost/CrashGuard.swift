import CPluginHost

/// Names the plugin when the process dies inside one.
package enum CrashGuard {
    /// Installs the handlers of fatal signals, once for the process.
    package static func install() {
        heron_crash_guard_install()
    }

    /// Runs a body that calls a function of a plugin on this thread.
    static func inside<Value>(_ plugin: String, _ function: String, _ body: () throws -> Value) rethrows -> Value {
        try plugin.withCString { plugin in
            try function.withCString { function in
                heron_crash_guard_enter(plugin, function)
                defer { heron_crash_guard_leave() }
                return try body()
            }
        }
    }
}
