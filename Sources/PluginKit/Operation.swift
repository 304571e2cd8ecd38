import PluginABI

/// A command of a Swift plugin's own, for `heron plugin call`; see `heron/operations.h`.
///
/// Its function is C's, since the host builds the call from the signature. It hands its work to
/// ``perform(_:_:_:)``, which turns what that throws into a status:
///
///     Operation(
///         "echo", "Says it again.", on: .cluster, "(string)->string", [.init("text", "What to say.")],
///         function: { _, host, _, text, result in
///             Operation.perform(host, result) { _ in text.text }
///         } as @convention(c) (
///             UnsafePointer<heron_operation>?, UnsafePointer<heron_host>?, UnsafeMutablePointer<heron_scheduler>?,
///             heron_string, heron_sink
///         ) -> heron_status
///     )
public struct Operation: Sendable {
    /// What an operation works on.
    public enum Target: Sendable {
        case cluster
        case topology
    }

    public struct Parameter: Sendable {
        let name: String
        let help: String
        let defaultValue: String?

        public init(_ name: String, _ help: String, default value: String? = nil) {
            self.name = name
            self.help = help
            self.defaultValue = value
        }
    }

    let table: Constant<heron_operation>

    /// - Parameters:
    ///   - signature: such as `(string,int32)->json`; the function must be of the C type that follows from it.
    ///   - parameters: one for each type in the signature.
    ///   - function: a `@convention(c)` function. It must not capture anything.
    public init<Function>(
        _ name: String,
        _ help: String,
        on target: Target,
        _ signature: String,
        _ parameters: [Parameter] = [],
        function: Function
    ) {
        precondition(MemoryLayout<Function>.size == MemoryLayout<heron_function>.size, "not a @convention(c) function")
        let list = UnsafeMutablePointer<heron_parameter>.allocate(capacity: max(1, parameters.count))
        for (index, parameter) in parameters.enumerated() {
            (list + index).initialize(
                to: heron_parameter(
                    name: immortal(parameter.name),
                    default_value: parameter.defaultValue.map(immortal),
                    help: immortal(parameter.help)
                )
            )
        }
        table = Constant(
            immortal: heron_operation(
                size: UInt32(MemoryLayout<heron_operation>.size),
                target: UInt32(target == .cluster ? HERON_OPERATION_CLUSTER : HERON_OPERATION_TOPOLOGY),
                name: immortal(name),
                help: immortal(help),
                signature: immortal(signature),
                parameter_count: parameters.count,
                parameters: UnsafePointer(list),
                function: unsafeBitCast(function, to: heron_function.self),
                data: nil
            )
        )
    }

    /// Runs the body of an operation on a cluster; puts the text that it returns, or reports what it throws.
    public static func perform(
        _ host: UnsafePointer<heron_host>?,
        _ result: heron_sink,
        _ body: (Host) throws -> String
    ) -> heron_status {
        guard let host else { return HERON_INVALID_ARGUMENT }
        return answering(Host(host)) { result.put(try body(Host(host))) }
    }

    /// Runs the body of an operation on a topology beside its scheduler; likewise.
    public static func perform<Scheduler: SchedulerPlugin>(
        beside scheduler: UnsafeMutablePointer<heron_scheduler>?,
        as type: Scheduler.Type = Scheduler.self,
        _ result: heron_sink,
        _ body: (Scheduler) throws -> String
    ) -> heron_status {
        guard let object = SchedulerObject.of(scheduler), let plugin = object.plugin as? Scheduler else {
            return HERON_INVALID_ARGUMENT
        }
        return answering(object.host) { result.put(try body(plugin)) }
    }
}

extension SwiftPlugin {
    /// The factory of the plugin's operations.
    static let operationsFactory = Constant(
        immortal: heron_operations_factory(
            size: UInt32(MemoryLayout<heron_operations_factory>.size),
            reserved: 0,
            get: { index in
                guard let operations = SwiftPlugin.current.withLock({ $0 })?.operations else { return nil }
                return operations.indices.contains(index) ? operations[index].table.pointer : nil
            }
        )
    )
}

/// A C string that lives as long as the process.
func immortal(_ text: String) -> UnsafePointer<CChar> {
    let bytes = text.utf8CString
    let pointer = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    for (i, byte) in bytes.enumerated() { (pointer + i).initialize(to: byte) }
    return UnsafePointer(pointer)
}
