import HeronModel
import HeronWire

/// Which tasks receive the tuples of each stream, made from a physical plan.
///
/// Tasks are known by their slot, their position among all tasks in ascending order, so that the hot path needs no
/// dictionary.
struct RoutingTable {
    /// One task of the plan.
    struct Task: Equatable {
        let id: Int32
        let stmgr: String
        let isSpout: Bool
    }

    /// One stream that a component emits, with the groupings of all its consumers.
    struct Stream {
        /// The encoded `StreamId`, as tuple sets carry it.
        let encodedID: [UInt8]
        /// The field with the id that begins a set of the stream's tuples.
        let setPrefix: [UInt8]
        var consumers: [Consumer]
    }

    /// All tasks in ascending order.
    let tasks: [Task]
    private(set) var streams: [Stream]
    private let slots: [Int32: Int]

    /// A table without tasks, for the time before the first plan.
    init() {
        tasks = []
        streams = []
        slots = [:]
    }

    /// - Parameter random: where the round robins begin.
    init(_ plan: PhysicalPlan, random: inout some RandomNumberGenerator) {
        let topology = plan.topology
        let spouts = Set(topology.spouts.map(\.comp.name))
        let instances = plan.instances.sorted { $0.info.taskID < $1.info.taskID }
        tasks = instances.map {
            Task(id: $0.info.taskID, stmgr: $0.stmgrID, isSpout: spouts.contains($0.info.componentName))
        }
        slots = Dictionary(zip(tasks.map(\.id), tasks.indices)) { first, _ in first }
        var slotsOfComponent: [String: [Int]] = [:]
        for (slot, instance) in instances.enumerated() {
            slotsOfComponent[instance.info.componentName, default: []].append(slot)
        }
        streams = RoutingTable.streams(of: topology, slotsOfComponent: slotsOfComponent, random: &random)
    }

    private static func streams(
        of topology: Topology,
        slotsOfComponent: [String: [Int]],
        random: inout some RandomNumberGenerator
    ) -> [Stream] {
        var streams: [Stream] = []
        for output in topology.spouts.flatMap(\.outputs) + topology.bolts.flatMap(\.outputs) {
            let id = encode(output.stream)
            var stream = Stream(encodedID: id, setPrefix: Varint.bytesField(1, id), consumers: [])
            for bolt in topology.bolts {
                let consumers = slotsOfComponent[bolt.comp.name] ?? []
                for input in bolt.inputs where input.stream == output.stream && !consumers.isEmpty {
                    let start = Int.random(in: consumers.indices, using: &random)
                    let grouping = Grouping(input, schema: output.schema)
                    stream.consumers.append(Consumer(slots: consumers, grouping: grouping, start: start))
                }
            }
            streams.append(stream)
        }
        return streams
    }

    /// The slot of a task, or nil if the plan has no such task.
    func slot(of task: Int32) -> Int? {
        slots[task]
    }

    /// The index of the stream with this encoded `StreamId`, or nil if no component declares it.
    func stream(_ id: RawSpan) throws(WireError) -> Int? {
        for index in streams.indices where id.isEqual(to: streams[index].encodedID) { return index }
        let canonical = try RoutingTable.canonical(id)
        return streams.firstIndex { $0.encodedID == canonical }
    }

    /// Lends the consumers of a stream, to be put back: as a value of their own they can be changed without a look at
    /// who else might share them, for every tuple.
    mutating func takeConsumers(of stream: Int) -> [Consumer] {
        var consumers: [Consumer] = []
        swap(&consumers, &streams[stream].consumers)
        return consumers
    }

    mutating func putBack(_ consumers: [Consumer], of stream: Int) {
        streams[stream].consumers = consumers
    }

    /// The same stream id with its fields in the order in which everyone writes them.
    private static func canonical(_ id: RawSpan) throws(WireError) -> [UInt8] {
        var stream = StreamID()
        var scanner = FieldScanner(id)
        while let field = try scanner.next(in: id) {
            guard field.kind == .bytes else { continue }
            var text: [UInt8] = []
            for offset in field.value { text.append(id.unsafeLoad(fromByteOffset: offset, as: UInt8.self)) }
            if field.number == 1 { stream.id = String(decoding: text, as: UTF8.self) }
            if field.number == 2 { stream.componentName = String(decoding: text, as: UTF8.self) }
        }
        return encode(stream)
    }

    private static func encode(_ stream: StreamID) -> [UInt8] {
        // Both fields are strings that exist: nothing that could fail. An id without bytes matches no stream.
        (try? stream.serializedBytes()) ?? []
    }
}

/// A stream's id: its name and the component that emits it (`topology.proto`).
typealias StreamID = Heron_Proto_Api_StreamId
