import MesosFramework
import MesosProtocol
import PluginABI
import PluginKit

/// What the scheduler writes down in the state, to go on after its end.
///
/// `heron-swift/<topology>/mesos/framework` and `…/mesos/containers/<container>`, each a message of `ledger.proto` as
/// protobuf's JSON. Removed with the topology. For threads of the plugin only: the calls block.
struct Ledger {
    private let state: HostState
    private let root: String
    /// Nodes that stand: nobody but the one live scheduler writes here.
    private var known: Set<String> = []

    /// Nodes of one multi: far below ZooKeeper's limit of 1 MB for all of them.
    private static let batch = 500

    init(_ host: Host) throws {
        state = try host.state()
        root = "heron-swift/\(try host.require(HERON_FACT_TOPOLOGY_NAME))/mesos"
    }

    /// Everything that was written; throws ``PluginFailure`` if it cannot be read.
    mutating func load() throws -> LedgerContents {
        var contents = LedgerContents()
        contents.framework = try read(LedgerFramework.self, "framework")
        guard try state.exists("\(root)/containers") else { return contents }
        for name in try state.children("\(root)/containers") {
            if let record = try read(LedgerContainer.self, "containers/\(name)") { contents.containers.append(record) }
        }
        contents.containers.sort { $0.container < $1.container }
        return contents
    }

    /// Writes nodes: those of one batch all or none, batches in order. Throws ``PluginFailure``; to be repeated then.
    mutating func save(_ changes: LedgerChanges) throws {
        var nodes: [(path: String, data: [UInt8])] = []
        if let framework = changes.framework { nodes.append(("\(root)/framework", try encode(framework))) }
        for container in changes.containers {
            nodes.append(("\(root)/containers/\(container.container)", try encode(container)))
        }
        var rest = nodes[...]
        while !rest.isEmpty {
            try write(Array(rest.prefix(Ledger.batch)))
            rest = rest.dropFirst(Ledger.batch)
        }
    }

    private mutating func write(_ nodes: [(path: String, data: [UInt8])]) throws {
        do {
            try state.multi(nodes.map(step))
            known.formUnion(nodes.map(\.path))
        } catch let failure as PluginFailure where [.notFound, .alreadyExists].contains(failure.code) {
            // An answer was lost, or somebody removed nodes: look, for the next attempt.
            for node in nodes {
                if try state.exists(node.path) { known.insert(node.path) } else { known.remove(node.path) }
            }
            try state.multi(nodes.map(step))
            known.formUnion(nodes.map(\.path))
        }
    }

    private func step(_ node: (path: String, data: [UInt8])) -> HostState.Step {
        known.contains(node.path)
            ? .set(path: node.path, data: node.data, version: nil)
            : .create(path: node.path, data: node.data, ephemeral: false)
    }

    private func encode(_ message: some SwiftProtobuf.Message) throws -> [UInt8] {
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        return try message.jsonUTF8Bytes(options: options)
    }

    private mutating func read<Message: SwiftProtobuf.Message>(
        _ type: Message.Type,
        _ name: String
    ) throws -> Message? {
        guard let node = try state.get("\(root)/\(name)") else { return nil }
        known.insert("\(root)/\(name)")
        var options = JSONDecodingOptions()
        options.ignoreUnknownFields = true
        do {
            return try Message(jsonUTF8Bytes: node.data, options: options)
        } catch {
            throw PluginFailure(.failed, "\(root)/\(name) in the state cannot be read: \(error)")
        }
    }
}
