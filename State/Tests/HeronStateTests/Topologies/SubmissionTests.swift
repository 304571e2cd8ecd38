import HeronModel
import HeronState
import Synchronization
import Testing

/// Submissions and removals on a server that is slow, small or lost at a bad moment.
@Suite(.timeLimit(.minutes(1)))
struct SubmissionTests {
    private static let topology = Samples.topology("T")

    private func submit(_ state: any StateManager, _ topology: Topology = topology) async throws {
        try await state.recordSubmission(
            topology,
            packingPlan: Samples.packingPlan(topology.id),
            executionState: Samples.executionState(topology.name),
            secret: .random()
        )
    }

    /// Checks that nothing of the topology is there.
    private func expectNothing(_ state: any StateManager) async throws {
        for directory in StateDirectory.allCases { #expect(try await state.children(StatePath(directory)) == []) }
        #expect(try await state.children(StatePath([StatePath.ownDirectory])) == [])
    }

    @Test("A submission is one multi, and two after an earlier topology")
    func roundTripsOfSubmit() async throws {
        try await BackEnd.localFiles.run { base, _ in
            let first = WaveCounter()
            try await submit(RelayedState(base, before: { await first.pass($0) }))
            #expect((first.waves, first.multis) == (1, 1))
            try await base.delete(StatePath(.topologies, "T"), version: nil)
            for container in 0..<20 {
                try await base.create(StatePath(own: "T", "containers", "\(container)"), [], .persistent)
            }
            let second = WaveCounter()
            try await submit(RelayedState(base, before: { await second.pass($0) }))
            #expect(second.multis == 2)
            #expect(second.waves <= 6)
            #expect(try await base.children(StatePath(own: "T")) == ["secret"])
        }
    }

    @Test("A removal is one multi, however many containers there are")
    func roundTripsOfKill() async throws {
        try await BackEnd.localFiles.run { base, _ in
            try await submit(base)
            for container in 0..<50 {
                try await base.create(StatePath(own: "T", "containers", "\(container)"), [], .ephemeral)
            }
            try await base.create(StatePath(.pplans, "T"), [], .persistent)
            let counter = WaveCounter()
            let state = RelayedState(base, before: { await counter.pass($0) })
            #expect(try await state.removeTopology("T", id: Self.topology.id))
            #expect(counter.multis == 1)
            #expect(counter.waves <= 5)
            try await expectNothing(base)
        }
    }

    @Test("A removal bears executors that still come and go, and leaves a newer topology alone")
    func removalAmongChanges() async throws {
        try await BackEnd.localFiles.run { base, _ in
            try await submit(base)
            let containers = try StatePath(own: "T", "containers")
            let multis = Mutex(0)
            let state = RelayedState(base) { call in
                guard call.isMulti else { return }
                let count = multis.withLock { count in
                    count += 1
                    return count
                }
                if count <= 2 { try await base.create(containers.appending("\(count)"), [], .persistent) }
            }
            #expect(try await state.removeTopology("T"))
            #expect(multis.withLock { $0 } == 2)
            try await expectNothing(base)

            try await submit(base, Samples.topology("T", id: "2"))
            #expect(try await !base.removeTopology("T", id: Self.topology.id))
            #expect(try await base.topology("T")?.id == "T2")
            #expect(try await base.removeTopology("T", id: "T2"))
            try await expectNothing(base)
        }
    }

    @Test("Thousands of leftovers are removed in pieces")
    func manyLeftovers() async throws {
        try await BackEnd.localFiles.run { base, _ in
            let folder = try StatePath(own: "T", "ledger")
            try await base.multi(
                [.create(StatePath(own: "T"), [], .persistent), .create(folder, [], .persistent)]
                    + (0..<700).map { .create(try folder.appending("\($0)"), [], .persistent) }
            )
            let largest = Mutex(0)
            let state = RelayedState(base) { call in
                guard case .multi(let operations) = call else { return }
                largest.withLock { $0 = max($0, operations.count) }
            }
            try await submit(state)
            #expect(try await base.children(StatePath(own: "T")) == ["secret"])
            #expect(largest.withLock { $0 } <= 501)
            _ = try await state.removeTopology("T")
            try await expectNothing(base)
        }
    }

    @Test("A submission whose answer is lost counts, if it was recorded")
    func lostAnswer() async throws {
        try await BackEnd.localFiles.run { base, _ in
            let isLost = Mutex(false)
            let state = RelayedState(
                base,
                after: { call in
                    let first = isLost.withLock { lost in
                        defer { lost = true }
                        return !lost
                    }
                    if first, call.isMulti { throw StateError(.timeout, path: "", "no answer") }
                }
            )
            try await submit(state)
            #expect(try await base.topology("T")?.id == "T1")
            #expect(try await base.secret(of: "T") != nil)
        }
    }

    @Test("A submission that did not arrive leaves nothing; one of unknown fate says so")
    func lostRequest() async throws {
        try await BackEnd.localFiles.run { base, _ in
            let calls = Mutex(0)
            let once = RelayedState(base) { _ in
                let number = calls.withLock { number in
                    number += 1
                    return number
                }
                if number == 1 { throw StateError(.timeout, path: "", "gone") }
            }
            let error = await expectError(.timeout) { try await submit(once) }
            #expect(error?.hint == nil)
            try await expectNothing(base)
            let never = RelayedState(base) { _ in throw StateError(.timeout, path: "", "gone") }
            let unknown = await expectError(.timeout) { try await submit(never) }
            #expect(unknown?.hint?.contains("'T' may have been recorded") == true)
        }
    }

    @Test("What does not fit into one multi is written in order, and taken back when it fails")
    func oneByOne() async throws {
        try await BackEnd.localFiles.run { base, _ in
            let failing = Mutex<String?>("executionstate/T")
            let created = Mutex<[String]>([])
            let state = RelayedState(base) { call in
                switch call {
                case .multi(let operations) where operations.count > 5:
                    if operations.contains(where: { if case .create = $0 { true } else { false } }) {
                        throw StateError(.tooLarge, path: "", "the sum is too large")
                    }
                case .create(let path):
                    created.withLock { $0.append(path.description) }
                    if failing.withLock({ $0 }) == path.description { throw StateError(.io, path: "", "broken") }
                default: break
                }
            }
            try await base.create(StatePath(.statefulcheckpoints, "T"), bytes("old"), .persistent)
            await expectError(.io) { try await submit(state) }
            try await expectNothing(base)
            failing.withLock { $0 = nil }
            created.withLock { $0 = [] }
            try await base.create(StatePath(own: "T", "containers", "1"), bytes("old"), .persistent)
            try await submit(state)
            let order = ["topologies/T", "heron-swift/T/secret", "packingplans/T", "executionstate/T"]
            #expect(created.withLock { $0 } == order)
            #expect(try await base.children(StatePath(own: "T")) == ["secret"])
            await expectError(.nodeExists, path: "topologies/T") {
                try await submit(state, Samples.topology("T", id: "2"))
            }
            #expect(try await base.topology("T")?.id == "T1")
        }
    }

    @Test("A node that is too large says what to do")
    func tooLarge() async throws {
        try await BackEnd.localFiles.run { base, _ in
            for (path, way) in [("topologies/T", "fewer components"), ("packingplans/T", "fewer containers")] {
                let state = RelayedState(base) { _ in throw StateError(.tooLarge, path: path, "1,5 MB") }
                let error = await expectError(.tooLarge, path: path) { try await submit(state) }
                #expect(error?.hint?.contains(way) == true)
            }
            try await expectNothing(base)
        }
    }

    @Test("An interrupted submission is taken back")
    func cancelled() async throws {
        try await BackEnd.localFiles.run { base, _ in
            let isInterrupted = Mutex(false)
            let state = RelayedState(
                base,
                after: { _ in
                    let isFirst = isInterrupted.withLock { interrupted in
                        defer { interrupted = true }
                        return !interrupted
                    }
                    if isFirst { throw CancellationError() }
                }
            )
            await #expect(throws: CancellationError.self) { try await submit(state) }
            try await expectNothing(base)
        }
    }
}
