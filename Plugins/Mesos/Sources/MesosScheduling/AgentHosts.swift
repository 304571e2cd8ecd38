import MesosAPI
import MesosProtocol
import PluginKit

/// Where the master's agents are.
enum AgentHosts {
    /// Throws ``PluginFailure`` if the master does not tell.
    static func read(_ driver: MesosDriver) throws -> [String] {
        var options = JSONDecodingOptions()
        options.ignoreUnknownFields = true
        do {
            let bytes = try driver.operatorCall(json: #"{"type":"GET_AGENTS"}"#)
            let answer = try MesosMasterResponse(jsonUTF8Bytes: bytes, options: options)
            return answer.getAgents.agents.map(\.agentInfo.hostname)
        } catch {
            throw PluginFailure(.failed, "cannot ask the master for its agents: \(error)")
        }
    }
}
