import PluginABI

/// Reads the operations that a library offers, and refuses tables that do not keep to `heron/operations.h`.
struct OperationReader {
    /// No plugin needs as many; a table without an end would else be read for ever.
    static let limit = 256
    private static let textLimit = 1024
    /// What `heron plugin call` itself takes.
    private static let reserved: Set<String> = [
        "cluster", "config-path", "config-property", "help", "output", "service-url", "topology", "verbose",
    ]

    let plugin: String

    /// All operations behind a factory's `get`, in its order.
    func operations(_ get: @convention(c) (Int) -> UnsafePointer<heron_operation>?) throws -> [PluginOperation] {
        var operations: [PluginOperation] = []
        while let table = get(operations.count) {
            guard operations.count < OperationReader.limit else {
                throw wrong("there are more than \(OperationReader.limit) operations, or no NULL behind the last one")
            }
            let operation = try operation(table)
            guard !operations.contains(where: { $0.name == operation.name }) else {
                throw wrong("there are two operations '\(operation.name)'")
            }
            operations.append(operation)
        }
        return operations
    }

    private func operation(_ table: UnsafePointer<heron_operation>) throws -> PluginOperation {
        let entry = ABITable.copy(table)
        let name = try self.name(entry.name, "an operation's name")
        guard let target = PluginOperation.Target(rawValue: entry.target) else {
            throw wrong("operation \(name) has the unknown target \(entry.target)")
        }
        guard let function = entry.function else { throw wrong("operation \(name) has no function") }
        let signature = try self.signature(entry.signature, of: name)
        guard signature.parameters.count == entry.parameter_count else {
            throw wrong(
                "operation \(name) has the signature \(signature.parameters.count) parameter(s), but names "
                    + "\(entry.parameter_count)"
            )
        }
        return PluginOperation(
            name: name,
            help: try line(entry.help, "the help of operation \(name)"),
            target: target,
            parameters: try parameters(entry, signature, of: name),
            result: signature.result,
            function: try OperationFunction(table, function, signature, plugin: plugin)
        )
    }

    private func signature(_ text: UnsafePointer<CChar>?, of operation: String) throws -> OperationSignature {
        let text = try line(text, "the signature of operation \(operation)")
        do {
            let signature = try OperationSignature(text)
            guard signature.parameters.count <= Int(HERON_PARAMETER_LIMIT) else {
                throw wrong("operation \(operation) has more than \(HERON_PARAMETER_LIMIT) parameters")
            }
            return signature
        } catch let problem as OperationSignature.Problem {
            throw wrong("the signature of operation \(operation): \(problem)")
        }
    }

    private func parameters(
        _ entry: heron_operation,
        _ signature: OperationSignature,
        of operation: String
    ) throws -> [PluginOperation.Parameter] {
        guard !signature.parameters.isEmpty else { return [] }
        guard let parameters = entry.parameters else { throw wrong("operation \(operation) names no parameters") }
        var read: [PluginOperation.Parameter] = []
        for (index, type) in signature.parameters.enumerated() {
            let parameter = parameters[index]
            let name = try self.name(parameter.name, "the name of parameter \(index + 1) of operation \(operation)")
            guard !read.contains(where: { $0.name == name }) else {
                throw wrong("operation \(operation) has two parameters --\(name)")
            }
            guard !OperationReader.reserved.contains(name) else {
                throw wrong("operation \(operation) has the parameter --\(name), which is an option of heron's own")
            }
            let text = try parameter.default_value.map {
                try line($0, "the default of --\(name) of operation \(operation)")
            }
            read.append(
                PluginOperation.Parameter(
                    name: name,
                    type: type,
                    defaultValue: try text.map {
                        try value($0, type, "the default of --\(name) of operation \(operation)")
                    },
                    defaultText: text,
                    help: try line(parameter.help, "the help of --\(name) of operation \(operation)")
                )
            )
        }
        return read
    }

    private func value(
        _ text: String,
        _ type: OperationSignature.ParameterType,
        _ what: String
    ) throws -> OperationValue {
        do {
            return try OperationValue(text, as: type)
        } catch {
            throw wrong("\(what): \(error)")
        }
    }

    private func name(_ text: UnsafePointer<CChar>?, _ what: String) throws -> String {
        let name = try line(text, what)
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let isValid = name.utf8.allSatisfy {
            letters.contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
        }
        guard let first = name.utf8.first, letters.contains(first), isValid, name.utf8.count <= 64 else {
            throw wrong("\(what) is '\(name)', not lower-case letters, digits and '-' with a letter first")
        }
        return name
    }

    /// A line of text of a table.
    private func line(_ text: UnsafePointer<CChar>?, _ what: String) throws -> String {
        guard let text else { throw wrong("\(what) is NULL") }
        guard strnlen(text, OperationReader.textLimit) < OperationReader.textLimit else {
            throw wrong("\(what) has more than \(OperationReader.textLimit) bytes, or no NUL byte behind it")
        }
        guard let line = String(validatingCString: text), !line.contains(where: \.isNewline) else {
            throw wrong("\(what) is not one line of UTF-8")
        }
        return line
    }

    private func wrong(_ message: String) -> PluginError {
        PluginError(.wrongABI, plugin: plugin, message, hint: "this is a mistake in the plugin")
    }
}
