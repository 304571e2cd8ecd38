import MesosAPI
import MesosProtocol
import PluginKit

/// Where the master's agents are.
enum AgentHosts {
    /// Throws ``PluginFailure`` if the master does not tell.
    static func read(_ driver: MesosDriver) throws -> [String] {
        try agents(driver).map(\.agentInfo.hostname)
    }

    /// What the master tells of its agents; throws ``PluginFailure`` if it does not.
    static func agents(_ driver: MesosDriver) throws -> [MesosMasterResponse.GetAgents.Agent] {
        var options = JSONDecodingOptions()
        options.ignoreUnknownFields = true
        do {
            let bytes = try driver.operatorCall(json: #"{"type":"GET_AGENTS"}"#)
            let answer = try MesosMasterResponse(jsonUTF8Bytes: bytes, options: options)
            return answer.getAgents.agents
        } catch {
            throw PluginFailure(.failed, "cannot ask the master for its agents: \(error)")
        }
    }
}
