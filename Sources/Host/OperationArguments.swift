import ArgumentParser
import Files
import PluginHost

/// The parameters of an operation on the command line: `--name value` or `--name=value`, each once.
struct OperationArguments {
    private(set) var values: [String: OperationValue] = [:]

    /// What a parameter of type bytes may read from a file.
    private static let maximumFileBytes = 16 << 20

    /// Throws `PluginError` for what the operation does not take, and `ValidationError` for what is no parameter.
    init(_ words: ArraySlice<String>, of operation: PluginOperation, plugin: String) throws {
        var rest: ArraySlice<String> = words
        while let word: String = rest.popFirst() {
            guard word.hasPrefix("--"), word.count > 2 else {
                throw ValidationError("'\(word)' is not a parameter of \(operation.name); write --name value")
            }
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            let parameter = try operation.parameter(name, plugin)
            guard let text: String = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
                throw ValidationError("--\(name) needs a value of type \(parameter.type.rawValue)")
            }
            guard values[name] == nil else { throw ValidationError("--\(name) is given twice") }
            values[name] = try OperationArguments.value(text, parameter, operation, plugin)
        }
    }

    private static func value(
        _ text: String,
        _ parameter: PluginOperation.Parameter,
        _ operation: PluginOperation,
        _ plugin: String
    ) throws -> OperationValue {
        guard parameter.type == .bytes, text.hasPrefix("@") else {
            return try operation.value(text, of: parameter.name, plugin: plugin)
        }
        let path = String(text.dropFirst())
        let bytes: [UInt8] = try File(reading: path).bytes(at: 0, count: maximumFileBytes + 1)
        guard bytes.count <= maximumFileBytes else {
            throw CommandError("--\(parameter.name): \(path) has more than \(maximumFileBytes >> 20) MiB")
        }
        return .bytes(bytes)
    }
}
