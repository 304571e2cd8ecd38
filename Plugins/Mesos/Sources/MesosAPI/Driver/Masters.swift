/// Those who may be the leader: a fixed list, or who was found to lead.
struct Masters {
    let address: MasterAddress
    private var endpoints: [MesosEndpoint]
    private var next = 0
    private var tried = 0
    /// Why nobody is known to lead; nil as long as nothing was found out.
    private(set) var absence: String?

    init(_ address: MasterAddress) {
        self.address = address
        endpoints = if case .fixed(let endpoints) = address.form { endpoints } else { [] }
    }

    /// Who is to be tried next.
    var candidate: MesosEndpoint? { endpoints.isEmpty ? nil : endpoints[next] }

    mutating func beginRound() {
        tried = 0
    }

    /// Goes on to the next after a failure; false if each had its turn in this round.
    mutating func moveOn() -> Bool {
        guard !endpoints.isEmpty else { return false }
        tried += 1
        next = (next + 1) % endpoints.count
        return tried < endpoints.count
    }

    mutating func found(_ leader: MesosEndpoint) {
        endpoints = [leader]
        next = 0
        absence = nil
    }

    mutating func lost(_ reason: String) {
        endpoints = []
        next = 0
        absence = reason
    }
}

/// What a ``MasterDetector`` finds out.
enum Detection: Sendable, Hashable {
    case leader(MesosEndpoint)
    /// There is none, for certain.
    case noLeader(reason: String)
    /// ZooKeeper cannot be asked.
    case unknown(reason: String)
    /// ZooKeeper does not let us in; the detector has ended.
    case denied(reason: String)
}
