import HeronModel
import NIOCore

@testable import StreamManagerCore

typealias DataTuple = Heron_Proto_System_HeronDataTuple
typealias TupleSetMessage = Heron_Proto_System_HeronTupleSet
typealias DeliveredSet = Heron_Proto_System_HeronTupleSet2

/// A topology with one spout and one bolt per grouping, and where its tasks run.
///
/// Spout `words` (tasks 1 and 2) emits the fields `word`, `number` on stream `default`. Every bolt consumes it.
enum Fixture {
    static let name = "Words"
    static let id = "Words-1"

    /// Bolts by name with their grouping and tasks; tasks are given in no particular order.
    static let bolts: [(name: String, grouping: Heron_Proto_Api_Grouping, tasks: [Int32])] = [
        ("shuffled", .shuffle, [5, 3, 4]),
        ("counted", .fields, [7, 6, 8]),
        ("everywhere", .all, [9, 10]),
        ("lowest", .lowest, [12, 11]),
        ("none", .none, [13, 14]),
        ("chosen", .custom, [15, 16]),
    ]

    static func topology(bolts names: [String] = bolts.map(\.name)) -> Topology {
        var topology = Topology()
        topology.id = id
        topology.name = name
        topology.state = .running
        var spout = Heron_Proto_Api_Spout()
        spout.comp = component("words")
        spout.outputs = [output()]
        topology.spouts = [spout]
        topology.bolts = bolts.filter { names.contains($0.name) }.map { bolt($0.name, $0.grouping) }
        topology.topologyConfig = TopologyConfig()
        return topology
    }

    private static func component(_ name: String) -> Component {
        var component = Component()
        component.name = name
        component.config = TopologyConfig()
        return component
    }

    static func stream(_ component: String = "words") -> Heron_Proto_Api_StreamId {
        var stream = Heron_Proto_Api_StreamId()
        stream.id = "default"
        stream.componentName = component
        return stream
    }

    private static func output() -> Heron_Proto_Api_OutputStream {
        var output = Heron_Proto_Api_OutputStream()
        output.stream = stream()
        output.schema = schema(["word", "number"])
        return output
    }

    static func schema(_ fields: [String]) -> Heron_Proto_Api_StreamSchema {
        var schema = Heron_Proto_Api_StreamSchema()
        schema.keys = fields.map { field in
            var key = Heron_Proto_Api_StreamSchema.KeyType()
            key.key = field
            key.type = .object
            return key
        }
        return schema
    }

    private static func bolt(_ name: String, _ grouping: Heron_Proto_Api_Grouping) -> Heron_Proto_Api_Bolt {
        var input = Heron_Proto_Api_InputStream()
        input.stream = stream()
        input.gtype = grouping
        if grouping == .fields { input.groupingFields = schema(["word"]) }
        var bolt = Heron_Proto_Api_Bolt()
        bolt.comp = component(name)
        bolt.inputs = [input]
        return bolt
    }

    /// The instance of a task, in the container of the given number.
    static func instance(_ component: String, _ task: Int32, container: Int = 1) -> Instance {
        var instance = Instance()
        instance.instanceID = "container_\(container)_\(component)_\(task)"
        instance.stmgrID = "stmgr-\(container)"
        instance.info.taskID = task
        instance.info.componentIndex = 0
        instance.info.componentName = component
        return instance
    }

    /// A plan with both spouts and the bolts' tasks.
    ///
    /// - Parameter container: where a task runs.
    static func plan(
        bolts names: [String] = bolts.map(\.name),
        container: (Int32) -> Int = { _ in 1 }
    ) -> PhysicalPlan {
        var plan = PhysicalPlan()
        plan.topology = topology(bolts: names)
        let members = [("words", [2, 1])] + bolts.filter { names.contains($0.name) }.map { ($0.name, $0.tasks) }
        for (component, tasks) in members {
            for task in tasks { plan.instances.append(instance(component, task, container: container(task))) }
        }
        return plan
    }

    static func tuple(
        _ values: [String],
        tasks: [Int32] = [],
        roots: [Root] = [],
        key: Int64 = 0
    ) -> DataTuple {
        var tuple = DataTuple()
        tuple.key = key
        tuple.values = values.map { .init($0.utf8) }
        tuple.destTaskIds = tasks
        tuple.roots = roots.map { root in
            var id = Heron_Proto_System_RootId()
            id.taskid = root.task
            id.key = Int64(bitPattern: root.key)
            return id
        }
        return tuple
    }

    static func set(_ tuples: [DataTuple], from task: Int32 = 1, component: String = "words") -> TupleSetMessage {
        var set = TupleSetMessage()
        set.data.stream = stream(component)
        set.data.tuples = tuples
        set.srcTaskID = task
        return set
    }

    static func bytes(_ message: some Message) throws -> ByteBuffer {
        ByteBuffer(bytes: try message.serializedBytes() as [UInt8])
    }
}
