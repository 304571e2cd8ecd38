import HeronModel

@testable import TopologyManagerCore

/// Drives a machine with a clock of its own and tells what it did, one line per action; lines for the log are left out.
struct Script {
    var machine: TopologyMachine
    var now = ContinuousClock.now
    var fixture: Fixture
    private var nextRequest = 0

    init(_ fixture: Fixture = Fixture(), containers: Int32 = 2, storedPlan: PhysicalPlan? = nil) {
        self.fixture = fixture
        machine = TopologyMachine(
            topology: fixture.topology,
            storedPlan: storedPlan,
            packingPlan: fixture.packingPlan(containers: containers),
            silenceLimit: .seconds(60)
        )
    }

    /// Registers the stream manager of a container on a connection.
    mutating func register(
        _ container: Int32,
        on connection: Int,
        pid: Int32 = 100,
        host: String = "host",
        change: (inout StMgrRegisterRequest) -> Void = { _ in }
    ) -> [String] {
        var request = fixture.registration(container: container, pid: pid, host: host)
        change(&request)
        let (response, actions) = machine.register(request, on: ConnectionID(number: connection), now: now)
        let plan = response.hasPplan ? " with plan" : ""
        return ["\(response.status.status)\(plan)"] + describe(actions)
    }

    /// Registers all containers on connections of the same number, and lets the plan be stored.
    mutating func registerAll(_ containers: ClosedRange<Int32> = 1...2) {
        for container in containers { _ = register(container, on: Int(container)) }
        _ = written()
    }

    mutating func disconnect(_ connection: Int) -> [String] {
        describe(machine.disconnected(ConnectionID(number: connection)))
    }

    mutating func heartbeat(on connection: Int) -> StatusCode {
        machine.heartbeat(on: ConnectionID(number: connection), now: now).status.status
    }

    mutating func written() -> [String] {
        describe(machine.writeEnded(failure: nil, now: now))
    }

    mutating func writeFailed() -> [String] {
        describe(machine.writeEnded(failure: "disk full", now: now))
    }

    mutating func control(_ command: ControlRequest.Command) -> [String] {
        nextRequest += 1
        return describe(machine.control(ControlRequest(id: nextRequest, command: command), now: now))
    }

    mutating func packingPlan(containers: Int32) -> [String] {
        describe(machine.packingPlanChanged(fixture.packingPlan(containers: containers), now: now))
    }

    /// Lets time pass.
    mutating func wait(seconds: Int) -> [String] {
        now += .seconds(seconds)
        return describe(machine.tick(now: now))
    }

    private func describe(_ actions: [TopologyMachine.Action]) -> [String] {
        actions.compactMap { action in
            switch action {
            case .store(let plan): "store \(summary(plan))"
            case .deleteStored: "delete"
            case .broadcast(let plan, let targets):
                "send \(summary(plan)) to \(targets.map { "\($0.number)" }.joined(separator: ","))"
            case .close(let connection, _): "close \(connection.number)"
            case .answer(let request, let answer): "answer \(request.id): \(answer.code) \(answer.text)"
            case .log: nil
            }
        }
    }

    private func summary(_ plan: PhysicalPlan) -> String {
        let stmgrs = plan.stmgrs.map { "\($0.id)@\($0.hostName)/\($0.pid)" }.joined(separator: " ")
        return "\(plan.topology.state) [\(stmgrs)] \(plan.instances.count)"
    }
}
