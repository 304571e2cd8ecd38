import MesosDevMaster
import MesosProtocol

/// What the command line says of an agent.
struct AgentSpecification: Sendable {
    /// What is wrong with a specification.
    struct FormatError: Error, CustomStringConvertible {
        let description: String
    }

    var hostname: String?
    var attributes: String?
    var resources: String?

    init() {}

    /// Reads `hostname=…;attributes=rack:a;zone:b;resources=cpus:4;mem:1024`: what has no `=` goes on with what stands
    /// before it.
    init(parsing text: String) throws(FormatError) {
        var key = ""
        var values: [String: String] = [:]
        for part in text.split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 {
                key = String(pair[0].filter { $0 != " " })
                guard ["hostname", "attributes", "resources"].contains(key) else {
                    throw FormatError(description: "'\(key)' is not one of hostname, attributes, resources")
                }
                values[key] = String(pair[1])
            } else {
                guard let value = values[key] else {
                    throw FormatError(description: "'\(part)' stands behind no hostname=, attributes= or resources=")
                }
                values[key] = value + ";" + part
            }
        }
        hostname = values["hostname"]
        attributes = values["attributes"]
        resources = values["resources"]
    }

    /// The agent as it registers.
    ///
    /// - Parameter number: counts the agents from 1.
    /// - Parameter count: how many there are; they share the ports from 31000 to 32767 unless they are told theirs,
    ///   because their tasks are on one machine.
    func info(number: Int, of count: Int, attributes: String?, resources: String?) throws -> MesosAgentInfo {
        var info = MesosAgentInfo()
        info.hostname = hostname ?? "127.0.0.\(number + 1)"
        info.attributes = try ResourceText.attributes(self.attributes ?? attributes ?? "")
        let share = max(1, 1768 / count)
        let first = 31000 + share * (number - 1)
        let ports = "ports:[\(first)-\(first + share - 1)]"
        info.resources = try ResourceText.resources(
            self.resources ?? resources ?? "cpus:8;mem:16384;disk:20000;" + ports
        )
        if !info.resources.contains(where: { $0.name == "ports" }) {
            info.resources += try ResourceText.resources(ports)
        }
        return info
    }
}
