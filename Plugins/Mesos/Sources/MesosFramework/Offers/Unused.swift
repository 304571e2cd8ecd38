/// Why an agent's offers were not used for a container.
public enum Unused: Sendable, Hashable {
    /// `resource` is "cpus", "mem", "disk" or "ports"; amounts in the resource's unit.
    case lacks(resource: String, wanted: String, offered: String)
    /// The container keeps failing on that agent.
    case avoided
    /// The resources fit, but went to another container.
    case takenByOthers
}

extension Unused: CustomStringConvertible {
    /// For users, after the agent's name: "lacks 0.5 cpus (needs 2, offered 1.5)".
    public var description: String {
        switch self {
        case .lacks(let resource, let wanted, let offered):
            guard let most = Double(wanted), let least = Double(offered) else {
                return "lacks \(resource) (needs \(wanted), offered \(offered))"
            }
            let difference = Thousandths.text(Thousandths.round(most) - Thousandths.round(least))
            return "lacks \(Unused.phrase(difference, resource)) (needs \(wanted), offered \(offered))"
        case .avoided: return "is avoided, because the container keeps failing there"
        case .takenByOthers: return "had room, which other containers took"
        }
    }

    private static func phrase(_ amount: String, _ resource: String) -> String {
        switch resource {
        case "mem": "\(amount) MB of memory"
        case "disk": "\(amount) MB of disk"
        case "ports" where amount == "1": "1 port"
        default: "\(amount) \(resource)"
        }
    }
}
