import Glibc

/// Something that happens to one process of a running topology.
struct ProcessFault: CustomStringConvertible {
    enum Victim: String, CaseIterable {
        case service = "heron-scheduler"
        case executor = "heron-executor"
        case topologyManager = "heron-tmanager"
        case streamManager = "heron-stmgr"
        case shell = "heron-shell"
        case instance = "--component_name="

        func processes(of user: User) -> [Int32] {
            self == .instance ? user.processes(rawValue).sorted() : user.processes(of: rawValue)
        }
    }

    enum Kind: CaseIterable {
        case kill
        case terminate
        /// SIGSTOP, and SIGCONT ten seconds later.
        case stop

        var signal: Int32 {
            switch self {
            case .kill: SIGKILL
            case .terminate: SIGTERM
            case .stop: SIGSTOP
            }
        }
    }

    let victim: Victim
    let kind: Kind

    var description: String { "\(kind) of \(victim)" }

    /// Every death of every process, some stops, and some pairs at once, in an order that the generator chooses.
    static func sequence(using generator: inout SeededGenerator) -> [[ProcessFault]] {
        let deaths: [[ProcessFault]] = Victim.allCases.flatMap { victim in
            [Kind.kill, .terminate].map { [ProcessFault(victim: victim, kind: $0)] }
        }
        let stops: [[ProcessFault]] = Victim.allCases.shuffled(using: &generator).prefix(3).map {
            [ProcessFault(victim: $0, kind: .stop)]
        }
        let pairs: [[ProcessFault]] = (0..<4).map { _ in
            (0..<2).map { _ in
                ProcessFault(
                    victim: Victim.allCases.randomElement(using: &generator) ?? .instance,
                    kind: Bool.random(using: &generator) ? .kill : .terminate
                )
            }
        }
        return (deaths + stops + pairs).shuffled(using: &generator)
    }
}
