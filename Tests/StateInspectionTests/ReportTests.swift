import HeronConfig
import HeronModel
import HeronState
import StateInspection
import Testing
import TopologyControl

/// What is made of the nodes.
struct ReportTests {
    @Test func aReportTellsWhatIsStored() async throws {
        try await StateFolder.use { folder in
            try await folder.addRunning("A")
            let inspector = StateInspector(folder.state)
            let report = try await TopologyReport("A", try await inspector.find("A"), inspector)
            #expect(report.submission?.user == "bob" && report.submission?.submitted == 1_700_000_000)
            #expect(report.definition?.components.map(\.name) == ["word", "count"])
            #expect(report.definition?.components.map(\.parallelism) == ["2", "1"])
            #expect(report.definition?.components[1].inputs.first?.grouping == "FIELDS")
            #expect(report.packingPlan?.containers.first?.instances == ["word": 2, "count": 1])
            #expect(report.packingPlan?.containers.first?.required.ram == 1 << 30)
            #expect(report.physicalPlan?.state == "PAUSED")
            #expect(report.physicalPlan?.streamManagers.map(\.host) == ["vm"])
            #expect(report.scheduler?.endpoint == "127.0.0.1:4711")
            #expect(report.tmanager?.controllerPort == 1)
            #expect(report.isScheduled && !report.schedulerLives && report.hasSecret)
            #expect(report.processes.map(\.name) == ["stmgr-1"])
            #expect(report.missing == ["metricscaches/A", "heron-swift/A/scheduler"])
            #expect(report.conflicts == [])
        }
    }

    @Test func nodesOfAnotherSubmissionAreTold() async throws {
        try await StateFolder.use { folder in
            try await folder.addRunning("A")
            var plan: PackingPlan = Samples.packingPlan("A")
            plan.id = "A0"
            try await folder.state.set(StatePath(.packingplans, "A"), plan, version: nil)
            let inspector = StateInspector(folder.state)
            let report = try await TopologyReport("A", try await inspector.find("A"), inspector)
            #expect(report.conflicts == ["packingplans/A is of another submission: A0, not A1"])
        }
    }

    @Test func leftoversCountAsATopologyToo() async throws {
        try await StateFolder.use { folder in
            try await folder.addRunning("A")
            try await folder.state.create(StatePath(.locks, "Gone__updateTopology"), [], .persistent)
            let (topologies, rest) = try await TopologyOverview.all(StateInspector(folder.state))
            #expect(topologies.map(\.topology) == ["A", "Gone"])
            #expect(topologies.map { $0.execution?.role } == ["alice", nil])
            #expect(rest == [])
        }
    }
}

/// `heron list`, whatever stands in the state.
struct ListTests {
    private func list(_ folder: StateFolder, _ address: String = "local") async throws -> [TopologySummary] {
        try await TopologySummary.all(folder.state, at: try TopologyAddress(parsing: address))
    }

    @Test func damagedTopologiesAreListedBesideTheOthers() async throws {
        try await StateFolder.use { folder in
            for name in ["A", "B", "C", "D"] { try await folder.addRunning(name) }
            try folder.write("executionstate/A", [0xFF])
            try folder.write("topologies/B", [0xFF])
            try folder.write("pplans/C", [0xFF])
            try folder.write("topologies/README", Array("not ours".utf8))
            let all: [TopologySummary] = try await list(folder)
            #expect(all.map(\.name) == ["A", "B", "C", "D", "README"])
            #expect(all.map(\.state) == ["PAUSED", "PAUSED", "UNKNOWN", "PAUSED", "PENDING"])
            #expect(all.map(\.role) == [nil, "alice", "alice", "alice", nil])
            #expect(all.map { $0.problems?.count ?? 0 } == [1, 0, 1, 0, 1])
            #expect(all[0].id == "A1" && all[0].problems?[0].contains("executionstate/A") == true)
            #expect(all[2].problems?[0].contains("pplans/C") == true)
        }
    }

    @Test func topologiesThatAreBeingKilledAreListedAsSuch() async throws {
        try await StateFolder.use { folder in
            for name in ["A", "B"] { try await folder.addRunning(name) }
            try await folder.state.create(StatePath(own: "B", "killing"), [], .persistent)
            #expect(try await list(folder).map(\.state) == ["PAUSED", "KILLING"])
        }
    }

    @Test func topologiesThatBelongElsewhereAreNotListed() async throws {
        try await StateFolder.use { folder in
            try await folder.addRunning("A", role: "alice")
            try await folder.addRunning("B", role: "bob")
            #expect(try await list(folder, "local/bob").map(\.name) == ["B"])
            #expect(try await list(folder, "local/carol").map(\.name) == [])
        }
    }

    @Test func aClosedStateIsAnErrorAndNoList() async throws {
        try await StateFolder.use { folder in
            try await folder.addRunning("A")
            await folder.state.close()
            await #expect(throws: StateError.self) { try await list(folder) }
        }
    }
}
