import ArgumentParser
import FoundationEssentials

/// How a command that reports writes its result.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// Writes results as JSON on stdout: sorted keys, readable.
enum JSONOutput {
    static func write(_ value: some Encodable) throws {
        print(try text(value))
    }

    /// The JSON without a line break at its end.
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity",
            negativeInfinity: "-Infinity",
            nan: "NaN"
        )
        return escapingControls(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// The encoder escapes control characters below U+0020 only; a terminal obeys those from U+007F to U+009F too.
    private static func escapingControls(_ json: String) -> String {
        let isControl: (Unicode.Scalar) -> Bool = { (0x7F...0x9F).contains($0.value) }
        guard json.unicodeScalars.contains(where: isControl) else { return json }
        return json.unicodeScalars.reduce(into: "") { text, scalar in
            guard isControl(scalar) else { return text.unicodeScalars.append(scalar) }
            text += "\\u00" + String(scalar.value, radix: 16)
        }
    }
}
