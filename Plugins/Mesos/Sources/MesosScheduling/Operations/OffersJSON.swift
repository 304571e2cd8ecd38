import MesosProtocol
import PluginSupport

/// `[{"name":<hostname>,"agent":…,"id":…,"role":…,"resources":"cpus:1; mem:512"},…]`
enum OffersJSON {
    static func text(_ offers: [MesosOffer]) -> String {
        let rows = offers.map { offer in
            let members = [
                ("name", offer.hostname), ("agent", offer.agentID.value), ("id", offer.id.value),
                ("role", offer.allocationInfo.role), ("resources", offer.resources.summary),
            ]
            return "{" + members.map { "\(jsonString($0)):\(jsonString($1))" }.joined(separator: ",") + "}"
        }
        return "[" + rows.joined(separator: ",") + "]"
    }
}
