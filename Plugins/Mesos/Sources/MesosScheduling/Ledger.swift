import Glibc
import MesosFramework
import MesosProtocol
import PluginABI
import PluginKit
import PluginSupport

/// What the scheduler writes down in the state, to go on after its end.
///
/// `heron-swift/<topology>/mesos/framework` and `…/mesos/containers/<container>`, each a message of `ledger.proto` as
/// protobuf's JSON. Removed with the topology. For threads of the plugin only: the calls block.
///
/// It has one owner: whoever loaded it last. Each load writes `…/mesos/owner`, and each write relies on that node's
/// version, so that a scheduler which was cut off from the state cannot spoil what the next one writes.
struct Ledger {
    /// Somebody else owns the ledger now, or it was removed.
    struct Lost: Error {}

    private let state: HostState
    private let root: String
    /// The version of the owner's node; nil before ``load()``.
    private var epoch: Int32?
    /// Nodes that stand: nobody but the one live scheduler writes here.
    private var known: Set<String> = []

    /// Nodes of one multi: far below ZooKeeper's limit of 1 MB for all of them.
    private static let batch = 500

    init(_ host: Host) throws {
        state = try host.state()
        root = "heron-swift/\(try host.require(HERON_FACT_TOPOLOGY_NAME))/mesos"
    }

    /// Takes the ledger over and reads everything; throws ``PluginFailure`` if that is not possible.
    mutating func load() throws -> LedgerContents {
        epoch = try own()
        var contents = LedgerContents()
        contents.framework = try read(LedgerFramework.self, "framework")
        guard try state.exists("\(root)/containers") else { return contents }
        for name in try state.children("\(root)/containers") {
            if let record = try read(LedgerContainer.self, "containers/\(name)") { contents.containers.append(record) }
        }
        contents.containers.sort { $0.container < $1.container }
        return contents
    }

    private func own() throws -> Int32 {
        let path = "\(root)/owner"
        let owner = "{\"host\":\(jsonString(MachineName.own())),\"pid\":\(getpid())}"
        if try !state.exists(path) {
            do {
                try state.create(path, Array(owner.utf8))
            } catch let failure as PluginFailure where failure.code == .alreadyExists {
                // A lost answer, or somebody else was faster: what counts is who writes last.
            }
        }
        return try state.set(path, Array(owner.utf8))
    }

    /// Writes nodes: those of one batch all or none, batches in order.
    ///
    /// Throws ``Lost``, or ``PluginFailure``: to be repeated then.
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
            try multi(nodes)
        } catch let failure as PluginFailure where [.notFound, .alreadyExists].contains(failure.code) {
            guard try state.exists("\(root)/owner") else { throw Lost() }
            // An answer was lost, or somebody removed nodes: look, for the next attempt.
            for node in nodes {
                if try state.exists(node.path) { known.insert(node.path) } else { known.remove(node.path) }
            }
            try multi(nodes)
        }
    }

    private mutating func multi(_ nodes: [(path: String, data: [UInt8])]) throws {
        guard let epoch else { throw PluginFailure(.closed, "the ledger has not been loaded") }
        do {
            try state.multi([.check(path: "\(root)/owner", version: epoch)] + nodes.map(step))
        } catch let failure as PluginFailure where failure.code == .badVersion {
            throw Lost()
        }
        known.formUnion(nodes.map(\.path))
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
