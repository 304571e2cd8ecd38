import HeronModel
import StateInspection

/// A node of the state for people.
enum NodeText {
    /// How much of bytes of unknown form is shown.
    private static let limit = 4096

    /// A line about the node, and those of its content; control characters are as stored.
    static func lines(_ node: InspectedNode) throws -> [String] {
        [title(node)] + (try content(node))
    }

    private static func title(_ node: InspectedNode) -> String {
        var parts: [String] = ["# \(node.path)", node.kind.name]
        if let version = node.version { parts.append("version \(version)") }
        if let size = node.size { parts.append("\(size) bytes") }
        if let problem = node.problem { parts.append("damaged: \(problem)") }
        return parts.joined(separator: "  ")
    }

    private static func content(_ node: InspectedNode) throws -> [String] {
        switch node.content {
        case .empty: []
        case .message(let message): split(message.textFormatString())
        case .json(let value, _): split(try JSONOutput.text(value))
        case .secret: ["(secret)"]
        case .bytes, .damaged: hexadecimal(node.data ?? [])
        }
    }

    private static func split(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init)
    }

    /// Sixteen bytes a line, as offset, hexadecimal digits and ASCII.
    private static func hexadecimal(_ bytes: [UInt8]) -> [String] {
        var lines: [String] = stride(from: 0, to: min(bytes.count, limit), by: 16).map { start in
            let row: ArraySlice<UInt8> = bytes[start..<min(start + 16, bytes.count)]
            let octets: String = row.map { digits(Int($0), width: 2) }.joined(separator: " ")
            let characters: [UInt8] = row.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: ".") }
            let gap = String(repeating: " ", count: 16 * 3 - octets.count + 1)
            return "\(digits(start, width: 8))  \(octets)\(gap)\(String(decoding: characters, as: UTF8.self))"
        }
        if bytes.count > limit { lines.append("# \(bytes.count - limit) more bytes; --output json has all") }
        return lines
    }

    private static func digits(_ number: Int, width: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension String {
    /// The beginning of a text that may be as long as it likes.
    func cut(to limit: Int = 160) -> String {
        count <= limit ? self : prefix(limit) + "…"
    }
}
