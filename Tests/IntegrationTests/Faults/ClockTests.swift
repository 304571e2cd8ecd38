import Glibc
import Processes
import Testing

extension TopologyTests {
    /// The machine's clock is set while a topology runs: nothing ends, nothing waits for the old time.
    @Test func survivesAClockThatIsSet() async throws {
        try await User.use(variables: TestClock.variables) { user in
            try await TestClock.make(for: user)
            let topology = try await CountingTopology.submit(user, containers: 2)
            try await topology.expectFlow("after submit")
            let before: [Int32] = user.processes().map(\.0).sorted()
            for shift: Duration in [.seconds(86_400), .seconds(-86_400), .zero] {
                try TestClock.set(shift, for: user)
                try await topology.expectFlow("with the clock at \(shift)")
                // Heartbeats and time limits are noticed within some seconds, if they mind.
                try await Task.sleep(for: .seconds(5))
                try await topology.expectFlow("some seconds after the clock was set to \(shift)")
                #expect(user.processes().map(\.0).sorted() == before, "with the clock at \(shift)")
                #expect(try await topology.heron("status").output.contains("RUNNING"))
            }
            try TestClock.set(.seconds(-86_400), for: user)
            try await topology.kill()
        }
    }
}

/// A clock for all that a user starts, which a test sets; the monotonic clocks stay as they are.
private enum TestClock {
    /// What the environment of the user's commands needs.
    static func variables(home: String) -> [String: String] {
        ["LD_PRELOAD": library(home), "HERON_TEST_CLOCK": file(home)]
    }

    /// Makes the clock, which agrees with the machine's.
    static func make(for user: User) async throws {
        let source = Installation.folder + "/Scripts/clock.c"
        // Of an environment without the library, which is not there yet.
        let finished = try await ChildProcess.runToCompletion(
            executable: "cc",
            arguments: ["-shared", "-fPIC", "-O1", "-o", library(user.home), source],
            environment: ChildProcess.currentEnvironment(),
            timeLimit: .seconds(60)
        )
        try #require(finished.status.isSuccess, "\(String(decoding: finished.error, as: UTF8.self))")
        try set(.zero, for: user)
    }

    /// - Parameter shift: against the machine's clock.
    static func set(_ shift: Duration, for user: User) throws {
        let descriptor = open(file(user.home), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        var seconds: Int64 = shift.components.seconds
        // Written as a whole: processes have the file mapped.
        try #require(pwrite(descriptor, &seconds, MemoryLayout<Int64>.size, 0) == MemoryLayout<Int64>.size)
        close(descriptor)
    }

    private static func file(_ home: String) -> String { "\(home)/clock" }
    private static func library(_ home: String) -> String { "\(home)/clock.so" }
}
