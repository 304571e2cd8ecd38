import HeronModel

/// How `submit --dry-run` shows a packing plan (`--dry-run-format`).
public enum DryRunFormat: String, Sendable, CaseIterable {
    case raw
    case table
    case coloredTable = "colored_table"
    case json
}

/// Shows a packing plan to a user or a program.
public struct PackingPlanRenderer: Sendable {
    private let plan: PackingPlan
    private let topologyName: String
    private let algorithm: String

    /// - Parameters:
    ///   - plan: shown as it is ordered.
    ///   - topologyName: the topology that was packed.
    ///   - algorithm: the class name of the algorithm that made the plan.
    public init(_ plan: PackingPlan, topologyName: String, algorithm: String) {
        self.plan = plan
        self.topologyName = topologyName
        self.algorithm = algorithm
    }

    /// The plan as text that ends with a newline.
    public func render(_ format: DryRunFormat) -> String {
        switch format {
        case .raw: raw
        case .table: tables(style: .plain)
        case .coloredTable: tables(style: .colored)
        case .json: json + "\n"
        }
    }

    private var heading: String {
        "Topology: \(topologyName)\nPacking algorithm: \(algorithm)\nContainers: \(plan.containerPlans.count)\n"
    }

    private var raw: String {
        plan.containerPlans.reduce(into: heading) { text, container in
            text += "Container \(container.id): \(summary(container.requiredResource))\n"
            for instance in container.instancePlans {
                text += "  \(instance.componentName) task \(instance.taskID) index \(instance.componentIndex): "
                text += "\(summary(instance.resource))\n"
            }
        }
    }

    private func summary(_ resource: Resource) -> String {
        "\(coresText(resource.cpu)), \(bytesText(resource.ram)) RAM, \(bytesText(resource.disk)) disk"
    }

    private func tables(style: TextTable.Style) -> String {
        plan.containerPlans.reduce(into: heading) { text, container in
            text += "\n" + style.title("Container \(container.id)") + "\n"
            var table = TextTable(
                header: ["component", "task", "index", "cores", "RAM (MiB)", "disk (MiB)"],
                total: ["container", "", ""] + amounts(container.requiredResource)
            )
            for instance in container.instancePlans {
                table.add(
                    [instance.componentName, "\(instance.taskID)", "\(instance.componentIndex)"]
                        + amounts(instance.resource)
                )
            }
            text += table.render(style)
        }
    }

    private func amounts(_ resource: Resource) -> [String] {
        ["\(resource.cpu)", "\(resource.ram >> 20)", "\(resource.disk >> 20)"]
    }

    /// One line, the shape of Heron's own: amounts in cores and bytes.
    private var json: String {
        let containers: [String] = plan.containerPlans.map { container in
            let components: [String] = container.instancePlans.map { instance in
                "{\"component\":\(jsonString(instance.componentName)),\"id\":\(instance.taskID),"
                    + "\"index\":\(instance.componentIndex),\"resources\":\(json(instance.resource))}"
            }
            return "{\"id\":\(container.id),\"resources\":\(json(container.requiredResource)),"
                + "\"components\":[\(components.joined(separator: ","))]}"
        }
        return "{\"packingClass\":\(jsonString(algorithm)),\"topology\":\(jsonString(topologyName)),"
            + "\"containers\":[\(containers.joined(separator: ","))]}"
    }

    private func json(_ resource: Resource) -> String {
        "{\"cpu\":\(resource.cpu),\"ram\":\(resource.ram),\"disk\":\(resource.disk)}"
    }
}

/// A JSON string literal.
private func jsonString(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": literal += "\\\""
        case "\\": literal += "\\\\"
        case _ where scalar.value < 0x20:
            let digits = String(scalar.value, radix: 16)
            literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: literal.unicodeScalars.append(scalar)
        }
    }
    return literal + "\""
}
