import Glibc
import Processes
import Testing

/// What can befall the submitting command, at any of its steps.
enum SubmissionFault: CaseIterable {
    case kill, terminate, stop
}

extension TopologyTests {
    /// Whenever the command dies, `heron kill` leaves nothing behind, or there is nothing to kill; and the name is free.
    @Test(arguments: FaultSeed.rounds, SubmissionFault.allCases)
    func survivesFaultsOfTheSubmittingCommand(seed: UInt64, fault: SubmissionFault) async throws {
        var generator = SeededGenerator(seed: seed)
        for delay in SubmissionFault.delays(of: fault, using: &generator) {
            try await User.use { user in
                let topology = CountingTopology(user: user, name: "Hit")
                let submission = try user.start("submit", "local", CountingTopology.file, "-", topology.name)
                try await Task.sleep(for: .milliseconds(delay))
                let status: Processes.ExitStatus = try await fault.inflict(on: submission)
                let when = "after \(fault) at \(delay) ms, seed \(seed)"
                if fault == .stop { #expect(status.isSuccess, "\(when)") }
                if try await topology.nodes().isEmpty {
                    try #require(!status.isSuccess, "\(when)")
                    try await eventually("nothing runs \(when)") { user.processes().isEmpty }
                } else {
                    if fault == .stop { try await topology.expectFlow(when) }
                    #expect(try await topology.heron("kill").status.isSuccess, "\(when)")
                    try await eventually("every process has ended \(when)") { user.processes().isEmpty }
                }
                try await topology.expectNothingLeft(withTemporary: fault != .kill)
                // The name is free, and this command removes what the killed one had in TMPDIR.
                _ = try await CountingTopology.submit(user, topology.name)
                try await topology.kill()
            }
        }
    }
}

extension SubmissionFault {
    /// Milliseconds from the command's start: one in each part of the 1.2 s that a submission takes.
    static func delays(of fault: SubmissionFault, using generator: inout SeededGenerator) -> [Int] {
        let parts: Int = fault == .stop ? 1 : 5
        return (0..<parts).map { $0 * 1200 / parts + Int.random(in: 0..<(1200 / parts), using: &generator) }
    }

    func inflict(on command: ChildProcess) async throws -> Processes.ExitStatus {
        switch self {
        case .kill: command.signal(SIGKILL)
        case .terminate: command.signal(SIGTERM)
        case .stop:
            command.signal(SIGSTOP)
            try await Task.sleep(for: .seconds(10))
            command.signal(SIGCONT)
        }
        return await command.wait()
    }
}
