import Files
import MesosDevMaster

extension HeronMesosDev {
    /// The options of the command line, checked.
    func options() throws -> ClusterOptions {
        var settings = MasterSettings()
        settings.heartbeatInterval = try positive(heartbeat, "--heartbeat")
        settings.agentTimeout = try positive(agentTimeout, "--agent-timeout")
        settings.offerTimeout = try offerTimeout.map { try positive($0, "--offer-timeout") }
        settings.roles = roles?.split(separator: ",").map { String($0) }
        guard (0...65535).contains(port) else { throw OptionError("--port \(port): not a number from 0 to 65535") }
        return ClusterOptions(
            settings: settings,
            address: address,
            port: port,
            workDirectory: workDir,
            agents: try specifications(),
            resources: resources,
            attributes: attributes,
            credentials: try credentials.map(readCredentials),
            election: try zk.map(parseElection),
            sessionTimeout: .seconds(try positive(zkSessionTimeout, "--zk-session-timeout"))
        )
    }

    private func specifications() throws -> [AgentSpecification] {
        guard agentTexts.isEmpty else {
            return try agentTexts.map { text in
                do throws(AgentSpecification.FormatError) {
                    return try AgentSpecification(parsing: text)
                } catch {
                    throw OptionError("--agent '\(text)': \(error)")
                }
            }
        }
        guard (0...100).contains(agents) else { throw OptionError("--agents \(agents): not a number from 0 to 100") }
        return Array(repeating: AgentSpecification(), count: agents)
    }

    private func readCredentials(_ path: String) throws -> BasicCredentials {
        let file = try File(reading: path)
        defer { try? file.close() }
        let bytes = try file.bytes(at: 0, count: Int(try file.status().size))
        do throws(BasicCredentials.FormatError) {
            return try BasicCredentials(parsing: bytes)
        } catch {
            throw OptionError("--credentials \(path): \(error)")
        }
    }

    private func parseElection(_ text: String) throws -> ElectionAddress {
        do throws(ElectionAddress.FormatError) {
            return try ElectionAddress(parsing: text)
        } catch {
            throw OptionError("--zk: the address \(error)")
        }
    }

    private func positive(_ value: Double, _ option: String) throws -> Double {
        guard value > 0, value < 1e9 else { throw OptionError("\(option) \(value): not a number above 0") }
        return value
    }
}

/// An option that cannot be used: which, and why.
struct OptionError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// What the command line asks for.
struct ClusterOptions: Sendable {
    var settings: MasterSettings
    var address: String
    var port: Int
    var workDirectory: String
    var agents: [AgentSpecification]
    var resources: String?
    var attributes: String?
    var credentials: BasicCredentials?
    var election: ElectionAddress?
    var sessionTimeout: Duration
}
