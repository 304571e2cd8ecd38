import Glibc
import HeronModel
import HeronState
import Testing

/// A state in files of a test's own.
final class StateFolder: Sendable {
    let root: String
    let state: any StateManager

    private init(_ root: String, _ state: any StateManager) {
        self.root = root
        self.state = state
    }

    /// Gives an empty state to a test, and removes it behind.
    static func use(_ body: (StateFolder) async throws -> Void) async throws {
        var template: [CChar] = Array("/tmp/heron-inspection-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        let root = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let settings = StateSettings(connection: "LOCALMODE", rootPath: root)
        let folder = StateFolder(root, try await openStateManager(settings) { _, _ in })
        do {
            try await body(folder)
        } catch {
            await folder.remove()
            throw error
        }
        await folder.remove()
    }

    private func remove() async {
        await state.close()
        removeTree(root)
    }

    private func removeTree(_ path: String) {
        if let stream = opendir(path) {
            var names: [String] = []
            while let entry = readdir(stream) {
                names.append(
                    withUnsafeBytes(of: &entry.pointee.d_name) {
                        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                    }
                )
            }
            closedir(stream)
            for name in names where name != "." && name != ".." { removeTree("\(path)/\(name)") }
        }
        Glibc.remove(path)
    }

    /// Writes a file as another tool would.
    func write(_ path: String, _ bytes: [UInt8]) throws {
        let file: UnsafeMutablePointer<FILE> = try #require(fopen("\(root)/\(path)", "w"))
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
    }

    /// A topology as it is while it runs: every node that there may be.
    func addRunning(_ name: String, role: String = "alice") async throws {
        let definition: Topology = Samples.topology(name)
        try await state.recordSubmission(
            definition,
            packingPlan: Samples.packingPlan(name),
            executionState: Samples.executionState(name, role: role),
            secret: TopologySecret.random()
        )
        var scheduler = SchedulerLocation()
        scheduler.topologyName = name
        scheduler.httpEndpoint = "127.0.0.1:4711"
        try await state.create(StatePath(.schedulers, name), scheduler, .ephemeral)
        try await state.create(StatePath(.tmanagers, name), Samples.tmanager(name), .ephemeral)
        try await state.create(StatePath(.pplans, name), Samples.physicalPlan(definition), .persistent)
        let record = #"{"host":"vm","package_uri":"ftp://me:hush@host/x","api_token":"hush"}"#
        try await state.create(StatePath(own: name, "service"), Array(record.utf8), .persistent)
        try await state.create(StatePath(own: name, "scheduled"), [], .persistent)
        let processes = #"[{"container":1,"name":"stmgr-1","state":"running","pid":7,"starts":1}]"#
        try await state.create(StatePath(own: name, "containers", "1"), Array(processes.utf8), .ephemeral)
    }
}

/// Complete messages, as small as they can be.
enum Samples {
    static func topology(_ name: String) -> Topology {
        var topology = Topology()
        topology.id = name + "1"
        topology.name = name
        topology.state = .running
        var spout = Heron_Proto_Api_Spout()
        spout.comp = component("word", parallelism: "2")
        var input = Heron_Proto_Api_InputStream()
        input.stream.id = "default"
        input.stream.componentName = "word"
        input.gtype = .fields
        var bolt = Heron_Proto_Api_Bolt()
        bolt.comp = component("count", parallelism: "1")
        bolt.inputs = [input]
        topology.spouts = [spout]
        topology.bolts = [bolt]
        return topology
    }

    private static func component(_ name: String, parallelism: String) -> Component {
        var entry = TopologyConfig.KeyValue()
        entry.key = "topology.component.parallelism"
        entry.value = parallelism
        entry.type = .stringValue
        var component = Component()
        component.name = name
        component.config.kvs = [entry]
        return component
    }

    static func packingPlan(_ name: String) -> PackingPlan {
        var resource = Resource()
        resource.cpu = 2
        resource.ram = 1 << 30
        resource.disk = 2 << 30
        var container = ContainerPlan()
        container.id = 1
        container.requiredResource = resource
        container.instancePlans = ["word", "word", "count"].enumerated().map { index, component in
            var instance = InstancePlan()
            instance.componentName = component
            instance.taskID = Int32(index + 1)
            instance.componentIndex = 0
            instance.resource = resource
            return instance
        }
        var plan = PackingPlan()
        plan.id = name + "1"
        plan.containerPlans = [container]
        return plan
    }

    static func executionState(_ name: String, role: String) -> ExecutionState {
        var state = ExecutionState()
        state.topologyName = name
        state.topologyID = name + "1"
        state.submissionTime = 1_700_000_000
        state.submissionUser = "bob"
        state.cluster = "local"
        state.environ = "default"
        state.role = role
        return state
    }

    static func tmanager(_ name: String) -> TManagerLocation {
        var location = TManagerLocation()
        location.topologyName = name
        location.topologyID = name + "1"
        location.host = "vm"
        location.controllerPort = 1
        location.serverPort = 2
        location.statsPort = 3
        return location
    }

    static func physicalPlan(_ topology: Topology) -> PhysicalPlan {
        var manager = StMgr()
        manager.id = "stmgr-1"
        manager.hostName = "vm"
        manager.dataPort = 9
        manager.localEndpoint = "/unused"
        var plan = PhysicalPlan()
        plan.topology = topology
        plan.topology.state = .paused
        plan.stmgrs = [manager]
        return plan
    }
}
