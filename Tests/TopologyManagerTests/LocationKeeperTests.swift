import HeronModel
import HeronState
import Logging
import StateTesting
import Testing

@testable import TopologyManagerCore

@Suite("Topology manager: location in a state on servers", .timeLimit(.minutes(1)))
struct LocationKeeperTests {
    private let fixture = Fixture()
    private let path: StatePath

    init() throws {
        path = try StatePath(.tmanagers, Fixture().name)
    }

    private func keeper(_ state: any StateManager, port: Int32 = 1, patience: Duration = .zero) -> LocationKeeper {
        LocationKeeper(
            state: state,
            location: location(port),
            patience: patience,
            interval: .milliseconds(5),
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func location(_ port: Int32) -> TManagerLocation {
        var location = TManagerLocation()
        location.topologyName = fixture.name
        location.topologyID = fixture.id
        location.host = "here"
        location.controllerPort = port
        location.serverPort = port
        return location
    }

    @Test("a state out of reach is waited for")
    func outage() async throws {
        try await ScriptedState.run { state, _ in
            state.isAway = true
            let advertising = Task { try await keeper(state).advertise() }
            try await Task.sleep(for: .milliseconds(30))
            #expect(try await state.files.get(path) == nil)
            state.isAway = false
            try await advertising.value
            #expect(try await state.tmanagerLocation(fixture.name) == location(1))
        }
    }

    @Test("the node of a manager that died elsewhere is waited out, that of a live one is an error")
    func predecessor() async throws {
        try await ScriptedState.run(predecessorTimeout: .seconds(600)) { state, open in
            let predecessor = try await open()
            try await keeper(predecessor, port: 7).advertise()
            let advertising = Task { try await keeper(state).advertise() }
            await predecessor.close()
            try await advertising.value
            let other = try await open()
            let error = await #expect(throws: TopologyManagerError.self) {
                try await keeper(other, port: 8, patience: .milliseconds(20)).advertise()
            }
            #expect(error?.description.contains("cannot advertise the location") == true)
            await other.close()
        }
    }

    @Test("a manager whose node another has after a lost session ends")
    func superseded() async throws {
        try await ScriptedState.run { state, _ in
            let mine = keeper(state)
            try await keeper(state, port: 9).advertise()
            try await mine.heard(.expired)
            try await mine.heard(.renewed)
            try await mine.heard(.ephemeralLost(try StatePath(.tmanagers, "Other")))
            let error = await #expect(throws: TopologyManagerError.self) {
                try await mine.heard(.ephemeralLost(path))
            }
            #expect(error?.description == "another manager of Words took over: here:9")
            let node = try await state.get(path)
            await #expect(throws: TopologyManagerError.self) { try await mine.changed(to: node) }
        }
    }
}
