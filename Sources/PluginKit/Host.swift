import PluginABI

/// What a plugin can ask of the process that loaded it.
///
/// Valid as long as the instance that was given it. May be used on the instance's own thread and on threads that the
/// plugin started, never inside a task: the calls block, and threads that run tasks must not. A violation is a mistake
/// in the plugin and stops the process.
public struct Host: Sendable {
    let table: Constant<heron_host>

    init(_ pointer: UnsafePointer<heron_host>) {
        table = Constant(pointer)
    }

    /// How much a line of the log matters.
    public enum LogLevel: Sendable {
        case debug, info, warning, error
    }

    /// Writes one line to the log of the process.
    public func log(_ level: LogLevel, _ message: String) {
        let number: Int32 =
            switch level {
            case .debug: HERON_LOG_DEBUG
            case .info: HERON_LOG_INFO
            case .warning: HERON_LOG_WARNING
            case .error: HERON_LOG_ERROR
            }
        message.lent { table.pointer.pointee.log?(table.pointer, number, $0) }
    }

    /// The value of a configuration key, or the default that `plugin.yaml` declares; nil if there is neither.
    public func config(_ key: String) -> String? {
        let value = Gathering()
        let status = key.lent { key in
            value.fill { table.pointer.pointee.config?(table.pointer, key, $0) ?? HERON_UNSUPPORTED }
        }
        return status == HERON_OK ? value.texts.first : nil
    }

    /// Every configuration key that is set, in alphabetical order, and its value.
    public func configEntries() throws -> [(key: String, value: String)] {
        let entries = PairGathering()
        try check("config_each") { host in entries.fill { host.pointee.config_each?(host, $0) } }
        return entries.pairs
    }

    /// A fact about the topology and the place, by a name of `heron/facts.h`; nil if it is not known here.
    public func fact(_ name: String) -> String? {
        let value = Gathering()
        let status = value.fill { table.pointer.pointee.fact?(table.pointer, name, $0) ?? HERON_UNSUPPORTED }
        return status == HERON_OK ? value.texts.first : nil
    }

    /// A fact that must be known; throws ``PluginFailure`` if it is not.
    public func require(_ name: String) throws -> String {
        guard let value = fact(name) else { throw PluginFailure(.notFound, "the host does not know \(name)") }
        return value
    }

    /// Asks the process to end in an orderly way, soon.
    public func requestShutdown(failed: Bool, reason: String) {
        reason.lent { table.pointer.pointee.request_shutdown?(table.pointer, failed ? 1 : 0, $0) }
    }

    /// Hands the reason of a failure to the host, unless it came from there.
    func report(_ failure: PluginFailure) {
        guard !failure.isHosts else { return }
        oneLine(failure.message).lent { message in
            oneLine(failure.hint).lent { hint in
                table.pointer.pointee.report?(table.pointer, failure.code.rawValue, message, hint)
            }
        }
    }

    /// The ABI wants one line; a value or a path that a message quotes may have more.
    private func oneLine(_ text: String) -> String {
        text.contains(where: \.isNewline) ? String(text.map { $0.isNewline ? " " : $0 }) : text
    }

    /// Calls a function of the host; throws ``PluginFailure`` if it fails. A nil status stands for a missing function.
    func check(_ function: String, _ body: (UnsafePointer<heron_host>) -> heron_status?) throws {
        precondition(withUnsafeCurrentTask { $0 == nil }, "\(function) blocks and must not be called inside a task")
        guard let status = body(table.pointer) else {
            throw PluginFailure(.unsupported, "this heron does not offer \(function)", hint: "use a newer heron")
        }
        guard status == HERON_OK else { throw PluginFailure.byHost(status, function) }
    }

    /// A service of the host; throws ``PluginFailure`` if it does not have it.
    func service<Service>(_ id: String, as type: Service.Type) throws -> Constant<Service> {
        guard let pointer = table.pointer.pointee.get_extension?(table.pointer, id) else {
            throw PluginFailure(.unsupported, "this heron does not offer \(id) here")
        }
        return Constant(pointer.assumingMemoryBound(to: Service.self))
    }
}
