import MesosAPI
import MesosFramework
import MesosProtocol
import PluginKit
import PluginSupport

/// Asks the master of a cluster, without a framework.
enum MasterQueries {
    /// `[{"name":<hostname>,"id":…,"active":…,"resources":"cpus:8; mem:1024","attributes":"rack:r1"},…]`
    static func agents(_ host: Host) throws -> String {
        let rows = try AgentHosts.agents(try leader(host)).map { agent in
            "{\"name\":\(jsonString(agent.agentInfo.hostname)),\"id\":\(jsonString(agent.agentInfo.id.value))"
                + ",\"active\":\(agent.active),\"resources\":\(jsonString(agent.agentInfo.resources.summary))"
                + ",\"attributes\":\(jsonString(agent.agentInfo.attributes.map(text).joined(separator: "; ")))}"
        }
        return "[" + rows.joined(separator: ",") + "]"
    }

    /// `[{"name":"ads","weight":1,"frameworks":2},…]`
    static func roles(_ host: Host) throws -> String {
        let answer: Google_Protobuf_Struct
        do {
            answer = try Google_Protobuf_Struct(
                jsonUTF8Bytes: try leader(host).operatorCall(json: #"{"type":"GET_ROLES"}"#)
            )
        } catch {
            throw PluginFailure(.failed, "cannot ask the master for its roles: \(error)")
        }
        let roles = answer.fields["get_roles"]?.structValue.fields["roles"]?.listValue.values ?? []
        let rows = roles.map(\.structValue.fields).map { role in
            "{\"name\":\(jsonString(role["name"]?.stringValue ?? "")),\"weight\":\(role["weight"]?.numberValue ?? 1)"
                + ",\"frameworks\":\(role["frameworks"]?.listValue.values.count ?? 0)}"
        }
        return "[" + rows.joined(separator: ",") + "]"
    }

    /// A connection to the cluster's leading master, over which nobody has subscribed.
    private static func leader(_ host: Host) throws -> MesosDriver {
        let settings = try MesosSettings(host)
        let driver: MesosDriver
        do {
            driver = try MesosDriver(settings.options, log: { _, _ in }, receive: { _ in })
        } catch {
            throw PluginFailure(.failed, "\(error)")
        }
        guard driver.findLeader() else {
            let why = driver.state.lastFailure.map { ": \($0)" } ?? ""
            throw PluginFailure(
                .unavailable,
                "no leading master is known at \(settings.options.master)\(why)",
                hint: "see \(MesosSettings.masterKey)"
            )
        }
        return driver
    }

    private static func text(_ attribute: MesosAttribute) -> String {
        switch attribute.type {
        case .text: "\(attribute.name):\(attribute.text.value)"
        case .scalar: "\(attribute.name):\(attribute.scalar.value)"
        case .ranges, .set: attribute.name
        }
    }
}
