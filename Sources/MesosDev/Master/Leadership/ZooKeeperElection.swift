import Logging
import MesosProtocol
import ZooKeeperClient

/// Elects a leader among masters as Mesos's masters do: each has an ephemeral node `json.info_<number>`, and the
/// smallest number leads.
///
/// The number is one more than the largest there is: ZooKeeper's own counter of a sequential node, which also counts
/// nodes that are gone, is not used.
public struct ZooKeeperElection: Sendable {
    /// The master can no longer lead, and has to end, as a master of Mesos does.
    public struct LostCandidacy: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    private static let prefix = "json.info_"
    private static let patience = Duration.seconds(10)

    let address: ElectionAddress
    let sessionTimeout: Duration
    let log: Logger

    public init(_ address: ElectionAddress, sessionTimeout: Duration, log: Logger) {
        self.address = address
        self.sessionTimeout = sessionTimeout
        self.log = log
    }

    /// Stands for election and tells the master who leads, until the task is cancelled.
    ///
    /// - Throws: ``LostCandidacy`` when the session is over; `ZooKeeperError`.
    public func run(_ master: DevMaster) async throws {
        var options = ZooKeeperOptions(connection: address.connection, credentials: address.credentials)
        options.sessionTimeout = sessionTimeout
        let client = try await ZooKeeperClient.open(options) { [log] _, text in log.debug("ZooKeeper: \(text)") }
        do {
            try await stand(client, master)
        } catch {
            await client.close()
            if error is CancellationError { return }
            throw error
        }
        await client.close()
    }

    private func stand(_ client: ZooKeeperClient, _ master: DevMaster) async throws {
        try await createPath(client)
        let data = Array(ElectionNode.json(await master.masterInfo).text.utf8)
        let own = try await createNode(client, data)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let events = client.events { event in event == .expired ? event : nil }
                for await _ in events {
                    throw LostCandidacy(description: "Lost candidacy as a leader: the session with ZooKeeper is over")
                }
            }
            group.addTask {
                let changes = client.watchChildren(address.path, { $0 ?? [] }, failingWith: { $0 })
                for try await names in changes { try await follow(client, names, own, master) }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func follow(_ client: ZooKeeperClient, _ names: [String], _ own: Int32, _ master: DevMaster) async throws {
        guard let leader = ElectionNode.leader(of: names) else { return await master.lead(.none) }
        guard leader.number != own else { return await master.lead(.leader) }
        // Gone since: its going is told next.
        guard let node = try await client.get("\(address.path)/\(leader.name)", before: deadline) else { return }
        await master.lead(ElectionNode.location(node.data).map { .follower(of: $0) } ?? .none)
    }

    private var deadline: ContinuousClock.Instant { .now + Self.patience }

    private func createPath(_ client: ZooKeeperClient) async throws {
        var path = ""
        for component in address.path.split(separator: "/") {
            path += "/" + component
            do {
                try await client.create(path, [], isEphemeral: false, before: deadline)
            } catch let error as ZooKeeperError where error.code == .nodeExists {
                continue
            }
        }
    }

    private func createNode(_ client: ZooKeeperClient, _ data: [UInt8]) async throws -> Int32 {
        while true {
            let names = try await client.children(address.path, before: deadline) ?? []
            let number = (names.compactMap { ElectionNode.number(of: $0) }.max() ?? -1) + 1
            let digits = String(number)
            let name = Self.prefix + String(repeating: "0", count: max(0, 10 - digits.count)) + digits
            do {
                try await client.create("\(address.path)/\(name)", data, isEphemeral: true, before: deadline)
                return number
            } catch let error as ZooKeeperError where error.code == .nodeExists {
                // Another master was faster.
                continue
            }
        }
    }
}

/// The nodes of an election.
enum ElectionNode {
    /// The number behind the last underscore; nil of what is not a master's node.
    static func number(of name: String) -> Int32? {
        name.split(separator: "_").last.flatMap { Int32($0) }
    }

    /// The node with the smallest number.
    static func leader(of names: [String]) -> (name: String, number: Int32)? {
        names.compactMap { name in number(of: name).map { (name, $0) } }.min { $0.1 < $1.1 }
    }

    /// Where the master of a node listens: `host:port`; nil if its data does not say.
    static func location(_ data: [UInt8]) -> String? {
        guard let info = try? JSONValue(parsing: data), let host = info["hostname"]?.string,
            let port = info["port"]?.number
        else { return nil }
        return "\(host):\(Int(port))"
    }

    /// What a master's node has, its members in alphabetical order.
    static func json(_ info: MesosMasterInfo) -> JSONValue {
        .object((MessageJSON.value(info).members ?? []).sorted { $0.name < $1.name })
    }
}
