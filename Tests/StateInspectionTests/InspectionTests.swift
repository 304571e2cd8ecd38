import Glibc
import HeronModel
import HeronState
import Testing

@testable import StateInspection

/// What is found and read, whatever stands in the state.
struct InspectionTests {
    private func nodes(_ folder: StateFolder, _ topology: String?) async throws -> [NodeSummary] {
        let inspector = StateInspector(folder.state)
        return try await inspector.nodes(try await inspector.find(topology)) { $0.summary }
    }

    @Test func everyNodeOfATopologyIsFoundInHeronsOrder() async throws {
        try await StateFolder.use { folder in
            try await folder.addRunning("Words")
            try await folder.addRunning("Words__more")
            let lock: StateLock = try await folder.state.acquireLock(topology: "Words", timeout: .seconds(5))
            let found: [NodeSummary] = try await nodes(folder, "Words")
            #expect(
                found.map(\.path) == [
                    "topologies/Words", "packingplans/Words", "executionstate/Words", "schedulers/Words",
                    "tmanagers/Words", "pplans/Words", "locks/Words__updateTopology", "heron-swift/Words",
                    "heron-swift/Words/containers", "heron-swift/Words/containers/1", "heron-swift/Words/scheduled",
                    "heron-swift/Words/secret", "heron-swift/Words/service",
                ]
            )
            #expect(found.allSatisfy { $0.problem == nil && $0.version != nil && $0.size != nil })
            #expect(
                found.map(\.kind) == [
                    "heron.proto.api.Topology", "heron.proto.system.PackingPlan", "heron.proto.system.ExecutionState",
                    "heron.proto.scheduler.SchedulerLocation", "heron.proto.tmanager.TManagerLocation",
                    "heron.proto.system.PhysicalPlan", "lock", "folder", "folder", "process-statuses",
                    "scheduled-mark", "secret", "service-record",
                ]
            )
            try await lock.release()
        }
    }

    @Test func withoutATopologyEverythingBelowTheRootIsFound() async throws {
        try await StateFolder.use { folder in
            try await folder.addRunning("A")
            try folder.write("topologies/README", Array("not ours".utf8))
            try await folder.state.create(StatePath(own: "A", "plugin", "notes"), Array("text".utf8), .persistent)
            let found: [NodeSummary] = try await nodes(folder, nil)
            let paths: [String] = found.map(\.path)
            for directory in StateDirectory.allCases { #expect(paths.contains(directory.rawValue)) }
            #expect(paths.contains("topologies/A") && paths.contains("heron-swift/A/plugin/notes"))
            let readme: NodeSummary = try #require(found.first { $0.path == "topologies/README" })
            #expect(readme.problem == "the node's 8 bytes do not decode; expected heron.proto.api.Topology")
            #expect(found.filter { $0.problem != nil } == [readme])
        }
    }

    @Test func nodesOfSchedulingElsewhereAreKnown() async throws {
        try await StateFolder.use { folder in
            try await folder.addRunning("A")
            let nodes: [(names: [String], text: String)] = [
                (["generations", "1"], #"{"generation":3,"host":"vm"}"#),
                (["mesos", "framework"], #"{"framework_id":"f-1"}"#),
                (["mesos", "containers", "0"], #"{"task_id":"A-0-1"}"#),
                (["mesos", "containers", "1"], "half"),
            ]
            for node in nodes {
                let path = try StatePath(["heron-swift", "A"] + node.names)
                try await folder.state.create(path, Array(node.text.utf8), .persistent)
            }
            let inspector = StateInspector(folder.state)
            let found: [InspectedNode] = try await inspector.nodes(try await inspector.find("A")) { $0 }
            let kinds = Dictionary(uniqueKeysWithValues: found.map { ($0.path.description, $0.kind.name) })
            #expect(kinds["heron-swift/A/generations"] == "folder")
            #expect(kinds["heron-swift/A/generations/1"] == "generation")
            #expect(kinds["heron-swift/A/mesos/framework"] == "mesos-framework")
            #expect(kinds["heron-swift/A/mesos/containers/0"] == "mesos-container")
            let framework: InspectedNode = try #require(found.first { $0.kind == .mesosFramework })
            guard case .json(.object(let members), isRedacted: false) = framework.content else {
                Issue.record("\(framework.content)")
                return
            }
            #expect(members == ["framework_id": .string("f-1")])
            let problems = found.compactMap { node in node.problem.map { "\(node.path): \($0)" } }
            #expect(problems == ["heron-swift/A/mesos/containers/1: the node's 4 bytes are not JSON"])
        }
    }

    @Test func anUnknownTopologyHasNoNodes() async throws {
        try await StateFolder.use { folder in
            try await folder.addRunning("A")
            #expect(try await nodes(folder, "B") == [])
        }
    }

    @Test func damagedNodesAreNamedAndTheOthersRead() async throws {
        try await StateFolder.use { folder in
            try await folder.addRunning("A")
            try folder.write("executionstate/A", [0xFF, 0, 1])
            try folder.write("packingplans/A", [])
            try await folder.state.set(StatePath(own: "A", "service"), Array("{".utf8), version: nil)
            try await folder.state.set(StatePath(own: "A", "secret"), Array("password".utf8), version: nil)
            let inspector = StateInspector(folder.state)
            let report = try await TopologyReport("A", try await inspector.find("A"), inspector)
            let problems = report.nodes.filter { $0.problem != nil }.map { "\($0.path): \($0.problem ?? "")" }
            #expect(
                problems == [
                    "packingplans/A: the node is empty; expected heron.proto.system.PackingPlan",
                    "executionstate/A: the node's 3 bytes do not decode; expected heron.proto.system.ExecutionState",
                    "heron-swift/A/secret: the node is not a secret of 64 hexadecimal digits",
                    "heron-swift/A/service: the node's 1 bytes are not JSON",
                ]
            )
            #expect(report.submission == nil && report.packingPlan == nil && !report.hasSecret)
            #expect(report.definition != nil && report.physicalPlan?.state == "PAUSED")
        }
    }

    /// What stands where Heron expects a plain file, and cannot be read as one.
    @Test func aNodeThatCannotBeReadIsToldInItsPlace() async throws {
        try await StateFolder.use { folder in
            try await folder.addRunning("A")
            try #require(system("ln -s /nowhere '\(folder.root)/pplans/A2'; mkdir '\(folder.root)/pplans/A3'") == 0)
            let found: [NodeSummary] = try await nodes(folder, nil)
            for name in ["A2", "A3"] {
                let node: NodeSummary = try #require(found.first { $0.path == "pplans/\(name)" })
                #expect(node.problem != nil && node.version == nil && node.size == nil)
            }
            #expect(found.count { $0.problem != nil } == 2)
        }
    }

    @Test func secretsAreNeitherInContentNorInData() async throws {
        try await StateFolder.use { folder in
            try await folder.addRunning("A")
            let secret: TopologySecret = try #require(try await folder.state.secret(of: "A"))
            try await folder.state.create(StatePath(own: "A", "mesos-credential"), Array("hush".utf8), .persistent)
            let inspector = StateInspector(folder.state)
            let nodes: [InspectedNode] = try await inspector.nodes(try await inspector.find(nil)) { $0 }
            let shown: String = nodes.map { "\($0.content) \(String(decoding: $0.data ?? [], as: UTF8.self))" }.joined()
            #expect(!shown.contains(secret.text) && !shown.contains("hush"))
            let service: InspectedNode = try #require(nodes.first { $0.kind == .serviceRecord })
            guard case .json(.object(let members), isRedacted: true) = service.content else {
                Issue.record("\(service.content)")
                return
            }
            #expect(members["host"] == .string("vm") && members["api_token"] == .string("(secret)"))
            #expect(members["package_uri"] == .string("ftp://me:********@host/x"))
        }
    }

    @Test func mapsConcurrentlyInOrderAndWithinTheLimit() async throws {
        let gauge = Gauge()
        let results: [Int] = try await (0..<500).mapConcurrently(limit: 8) { number in
            await gauge.enter()
            await Task.yield()
            await gauge.leave()
            return number * 2
        }
        #expect(results == (0..<500).map { $0 * 2 })
        #expect(await gauge.highest <= 8)
    }
}

/// Counts how many are at work at once.
private actor Gauge {
    private var now = 0
    private(set) var highest = 0

    func enter() {
        now += 1
        highest = max(highest, now)
    }

    func leave() {
        now -= 1
    }
}
