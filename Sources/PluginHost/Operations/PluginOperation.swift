import PluginABI

/// A command of a plugin's own, as its library describes it.
public struct PluginOperation: Sendable {
    /// What an operation works on.
    public enum Target: UInt32, Sendable, CaseIterable {
        /// A cluster, of which the configuration is all that is known.
        case cluster = 1
        /// A running topology, beside its scheduler.
        case topology = 2
    }

    public struct Parameter: Sendable, Hashable {
        public let name: String
        public let type: OperationSignature.ParameterType
        /// What it is if the user says nothing; nil if the user must.
        public let defaultValue: OperationValue?
        /// The default as the plugin wrote it.
        public let defaultText: String?
        public let help: String
    }

    public let name: String
    public let help: String
    public let target: Target
    public let parameters: [Parameter]
    public let result: OperationSignature.ResultType
    let function: OperationFunction

    /// The values of all parameters in their order, from those that were given by name.
    ///
    /// Throws ``PluginError`` for a name that no parameter has, a value of another type, and a parameter that needs a
    /// value and has none.
    public func values(_ given: [String: OperationValue], plugin: String) throws -> [OperationValue] {
        for name in given.keys.sorted() { _ = try parameter(name, plugin) }
        return try parameters.map { parameter in
            guard let value = given[parameter.name] ?? parameter.defaultValue else {
                throw wrongArguments(plugin, "--\(parameter.name) is missing", hint: parameter.help)
            }
            guard value.type == parameter.type else {
                throw wrongArguments(plugin, "--\(parameter.name) is of type \(parameter.type.rawValue)")
            }
            return value
        }
    }

    /// The value of the parameter with a name from its text on a command line; throws ``PluginError``.
    public func value(_ text: String, of name: String, plugin: String) throws -> OperationValue {
        do {
            return try OperationValue(text, as: try parameter(name, plugin).type)
        } catch let problem as OperationSignature.Problem {
            throw wrongArguments(plugin, "--\(name): \(problem)")
        }
    }

    /// The values of all parameters in their order, from those that came encoded.
    func values(decoding given: [String: String], plugin: String) throws -> [OperationValue] {
        var decoded: [String: OperationValue] = [:]
        for (name, text) in given {
            do {
                decoded[name] = try OperationValue(decoding: text, as: try parameter(name, plugin).type)
            } catch let problem as OperationSignature.Problem {
                throw wrongArguments(plugin, "--\(name): \(problem)")
            }
        }
        return try values(decoded, plugin: plugin)
    }

    /// The parameter with a name; throws ``PluginError`` if there is none.
    public func parameter(_ name: String, _ plugin: String) throws -> Parameter {
        guard let parameter = parameters.first(where: { $0.name == name }) else {
            let known = parameters.map { "--\($0.name)" }.joined(separator: ", ")
            throw wrongArguments(
                plugin,
                "there is no parameter --\(name)",
                hint: parameters.isEmpty ? "it takes none" : "it takes \(known)"
            )
        }
        return parameter
    }

    private func wrongArguments(_ plugin: String, _ message: String, hint: String? = nil) -> PluginError {
        PluginError(.badArguments, plugin: plugin, function: name, message, hint: hint)
    }
}
