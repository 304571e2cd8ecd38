import Glibc
import Processes
import Testing

extension TopologyTests {
    /// A running topology whose processes are killed, ended and stopped, alone and in pairs, at any time of their lives.
    @Test(arguments: FaultSeed.rounds) func survivesFaultsOfItsProcesses(seed: UInt64) async throws {
        try await User.use { user in
            var generator = SeededGenerator(seed: seed)
            let topology = try await CountingTopology.submit(user, containers: 2, spouts: 2, bolts: 2)
            try await topology.expectFlow("after submit")
            let planned: [String] = user.processKinds
            for faults in ProcessFault.sequence(using: &generator) {
                let when = "after \(faults.map(\.description).joined(separator: " and ")), seed \(seed)"
                let victims: [Int32] = try await inflict(faults, on: user, using: &generator)
                try await startService(of: topology, ifAmong: faults)
                try await user.expectProcesses(planned, without: victims, when)
                try await topology.expectFlow(when)
                // The next fault meets what has just been started as well as what has long been running.
                try await Task.sleep(for: .milliseconds(Int.random(in: 0..<500, using: &generator)))
            }
            try await topology.kill()
        }
    }

    /// Faults at once, or nearly so; the result is who must be gone afterwards.
    private func inflict(
        _ faults: [ProcessFault],
        on user: User,
        using generator: inout SeededGenerator
    ) async throws -> [Int32] {
        var dead: [Int32] = []
        for fault in faults {
            // The second of two may have gone with the first: the topology manager with its executor.
            let candidates: [Int32] = fault.victim.processes(of: user).filter { !dead.contains($0) }
            guard let victim = candidates.randomElement(using: &generator) else { continue }
            Glibc.kill(victim, fault.kind.signal)
            if fault.kind == .stop {
                try await Task.sleep(for: .seconds(10))
                Glibc.kill(victim, SIGCONT)
            } else {
                dead.append(victim)
                try await Task.sleep(for: .milliseconds(Int.random(in: 0..<50, using: &generator)))
            }
        }
        return dead
    }

    /// Nobody watches over the scheduler service, as in Heron: whoever runs the topology starts it again.
    private func startService(of topology: CountingTopology, ifAmong faults: [ProcessFault]) async throws {
        guard faults.contains(where: { $0.victim == .service && $0.kind != .stop }) else { return }
        try await eventually("the scheduler service has ended") { topology.user.processes("heron-scheduler").isEmpty }
        let started = try await topology.user.heron("scheduler", "start", "local", topology.name)
        #expect(started.status.isSuccess, "\(started)")
    }
}
