import HeronModel

/// A topology that may not be submitted, with everything that is wrong with it.
public struct InvalidTopology: Error, Hashable, Sendable, CustomStringConvertible {
    /// One line for each rule that is broken, never empty.
    public let violations: [String]

    public var description: String { violations.joined(separator: "\n") }
}

/// Checks what a topology's definition says before any of it reaches a path, a command line or the state.
///
/// Cycles are allowed, as in Heron.
public enum TopologyValidator {
    /// The most bytes that a topology's or a component's name may have: file names are made of them.
    static let maximumNameLength = 200

    /// Throws ``InvalidTopology`` with every violation if there is any.
    public static func validate(_ topology: Topology) throws {
        let found: [String] = violations(in: topology)
        guard found.isEmpty else { throw InvalidTopology(violations: found) }
    }

    /// Everything that is wrong with a topology, one line each; empty for a valid one.
    public static func violations(in topology: Topology) -> [String] {
        let structural: [String] =
            nameViolations(topology.name).map { "invalid topology name \(quoted(topology.name)): \($0)" }
            + identifierViolations(topology.id, reserved: ["/"]).map {
                "invalid topology id \(quoted(topology.id)): \($0)"
            }
            + topology.components.flatMap(violations(in:))
            + repeatedNames(in: topology)
            + unknownInputs(in: topology)
        if !structural.isEmpty { return structural }
        do {
            _ = try TopologySettings(topology)
            return []
        } catch {
            return ["\(error)"]
        }
    }

    /// What is wrong with a topology's name, one phrase each. Commands check the names they are given with this.
    public static func nameViolations(_ name: String) -> [String] {
        identifierViolations(name, reserved: [".", "/"])
    }

    private static func violations(in component: Component) -> [String] {
        let subject: String = "invalid component name \(quoted(component.name))"
        var found: [String] = identifierViolations(component.name, reserved: [",", ":", "/"]).map {
            "\(subject): \($0)"
        }
        do {
            _ = try TopologySettings.parallelism(of: component)
        } catch {
            found.append("\(error)")
        }
        return found
    }

    /// What is wrong with a name that becomes part of file names, state nodes and command lines.
    private static func identifierViolations(_ name: String, reserved: [Character]) -> [String] {
        var found: [String] = []
        if name.isEmpty { found.append("it is empty") }
        for character in reserved where name.contains(character) {
            found.append("it contains '\(character)'")
        }
        if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            found.append("it contains a control character")
        }
        if name.utf8.count > maximumNameLength {
            found.append("it has \(name.utf8.count) bytes, at most \(maximumNameLength) are allowed")
        }
        return found
    }

    private static func repeatedNames(in topology: Topology) -> [String] {
        var counts: [String: Int] = [:]
        for component in topology.components { counts[component.name, default: 0] += 1 }
        return counts.filter { $0.value > 1 }.keys.sorted()
            .map { "component name \(quoted($0)) is used more than once; names must be unique" }
    }

    private static func unknownInputs(in topology: Topology) -> [String] {
        let outputs: [OutputStream] = topology.spouts.flatMap(\.outputs) + topology.bolts.flatMap(\.outputs)
        let declared: Set<StreamName> = Set(outputs.map { StreamName($0.stream) })
        let components: Set<String> = Set(topology.components.map(\.name))
        return topology.bolts.flatMap { bolt in
            bolt.inputs.map { StreamName($0.stream) }.filter { !declared.contains($0) }.map { input in
                let source: String = quoted(input.component)
                let problem: String =
                    components.contains(input.component)
                    ? "\(source) declares no such output" : "there is no component \(source)"
                return
                    "bolt \(quoted(bolt.comp.name)) reads stream \(quoted(input.stream)) of \(source), but \(problem)"
            }
        }
    }
}

private typealias OutputStream = Heron_Proto_Api_OutputStream

/// A stream and the component that emits it.
private struct StreamName: Hashable {
    let stream: String
    let component: String

    init(_ id: Heron_Proto_Api_StreamId) {
        stream = id.id
        component = id.componentName
    }
}
