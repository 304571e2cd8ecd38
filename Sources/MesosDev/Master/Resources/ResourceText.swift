import MesosProtocol

/// Resources and attributes as Mesos's agents take them on the command line.
public enum ResourceText {
    /// What is wrong with a text.
    public struct FormatError: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// Reads `cpus:4;mem:8192;disk(role):10000;ports:[31000-31099, 31200-31299];set:{a,b}`. A role in parentheses is a
    /// static reservation.
    public static func resources(_ text: String) throws(FormatError) -> [MesosResource] {
        var resources: [MesosResource] = []
        for part in parts(text) {
            let (label, value) = try split(part, "a resource is NAME:VALUE or NAME(ROLE):VALUE")
            var resource = MesosResource()
            resource.name = label
            if let open = label.firstIndex(of: "("), label.hasSuffix(")") {
                resource.name = String(label[..<open])
                let role = String(label[label.index(after: open)...].dropLast())
                if let error = NameRules.error(inRole: role) { throw FormatError(description: "'\(part)': \(error)") }
                if role != "*" {
                    resource.reservations = [
                        .with {
                            $0.type = .static
                            $0.role = role
                        }
                    ]
                }
            }
            switch try self.value(value, in: part) {
            case .scalar(let number):
                resource.type = .scalar
                resource.scalar.value = number
            case .ranges(let ranges):
                resource.type = .ranges
                resource.ranges = ranges
            case .set(let items):
                resource.type = .set
                resource.set.item = items
            case .text: throw FormatError(description: "'\(part)': a resource is a number, [ranges] or {a set}")
            }
            if let error = ResourceValidation.error(in: [resource]) { throw FormatError(description: error) }
            resources.append(resource)
        }
        return resources
    }

    /// Reads `rack:r1;zone:z;disks:2`: a number is a SCALAR, anything that is not ranges or a set is a TEXT.
    public static func attributes(_ text: String) throws(FormatError) -> [MesosAttribute] {
        var attributes: [MesosAttribute] = []
        for part in parts(text) {
            let (name, value) = try split(part, "an attribute is NAME:VALUE")
            var attribute = MesosAttribute()
            attribute.name = name
            switch try self.value(value, in: part) {
            case .scalar(let number):
                attribute.type = .scalar
                attribute.scalar.value = number
            case .ranges(let ranges):
                attribute.type = .ranges
                attribute.ranges = ranges
            case .set(let items):
                attribute.type = .set
                attribute.set.item = items
            case .text(let text):
                attribute.type = .text
                attribute.text.value = text
            }
            attributes.append(attribute)
        }
        return attributes
    }

    private enum Value {
        case scalar(Double)
        case ranges(MesosValue.Ranges)
        case set([String])
        case text(String)
    }

    private static func parts(_ text: String) -> [String] {
        text.split(separator: ";").map { trimmed($0) }.filter { !$0.isEmpty }
    }

    private static func split(_ part: String, _ rule: String) throws(FormatError) -> (String, String) {
        let pair = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard pair.count == 2, !pair[0].isEmpty, !pair[1].isEmpty else {
            throw FormatError(description: "'\(part)': \(rule)")
        }
        return (trimmed(pair[0]), trimmed(pair[1]))
    }

    private static func value(_ text: String, in part: String) throws(FormatError) -> Value {
        if text.hasPrefix("["), text.hasSuffix("]") {
            var ranges = MesosValue.Ranges()
            for item in text.dropFirst().dropLast().split(separator: ",") {
                let ends = item.split(separator: "-").map { UInt64(trimmed($0)) }
                guard ends.count == 2, let begin = ends[0], let end = ends[1], begin <= end else {
                    throw FormatError(description: "'\(part)': '\(trimmed(item))' is not a range FIRST-LAST")
                }
                ranges.range.append(
                    .with {
                        $0.begin = begin
                        $0.end = end
                    }
                )
            }
            return .ranges(ranges)
        }
        if text.hasPrefix("{"), text.hasSuffix("}") {
            return .set(text.dropFirst().dropLast().split(separator: ",").map { trimmed($0) })
        }
        return Double(text).map { .scalar($0) } ?? .text(text)
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(text.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
