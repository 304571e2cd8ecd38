import Glibc
import Processes
import Testing

extension TopologyTests {
    /// The state cannot be written to for a time, under a topology that runs.
    @Test(.enabled(if: SmallDisk.isAvailable, "\(SmallDisk.missing)"), arguments: [SmallDisk.readOnly, .full])
    func survivesAStateThatCannotBeWritten(disk: SmallDisk) async throws {
        try await User.use { user in
            try await MountedDisk.use(by: user) { mounted in
                let options = ["--config-property", "heron.statemgr.root.path=\(mounted.place)/state"]
                let submitted = try await mounted.heron(
                    ["submit", "local", CountingTopology.file, "-", "Counting", "2"] + options
                )
                try #require(submitted.status.isSuccess, "\(submitted)")
                let topology = CountingTopology(user: user, name: "Counting", clusterOptions: options)
                try await topology.expectFlow("after submit")
                let planned: [String] = user.processKinds

                try await mounted.set(disk, true)
                let refused = try await mounted.heron(["deactivate", "local", "Counting"] + options)
                #expect(refused.status == .exited(1), "\(refused)")
                user.checkErrorLine(of: refused, [disk.reason], #_sourceLocation)
                for name in ["heron-tmanager", "heron-stmgr", "heron-executor"] {
                    Glibc.kill(try #require(user.processes(of: name).first), SIGKILL)
                }
                try await eventually("somebody says what is wrong with the state") {
                    try await topology.logLines(with: disk.reason) > 0
                }
                try await mounted.set(disk, false)

                try await user.expectProcesses(planned, "when the state can be written again")
                try await topology.expectFlow("after the state can be written again")
                let killed = try await mounted.heron(["kill", "local", "Counting"] + options)
                #expect(killed.status.isSuccess, "\(killed)")
                try await eventually("every process has ended", within: .seconds(10)) { user.processes().isEmpty }
                try await topology.expectNothingLeft()
            }
        }
    }

    /// The topology's files are gone under it: it can be killed, and nothing of it is left.
    @Test func isKilledWithoutItsWorkingDirectory() async throws {
        try await User.use { user in
            let topology = try await CountingTopology.submit(user, containers: 2)
            try await topology.expectFlow("after submit")
            let removed = try await user.run(executable: "rm", ["-r", topology.workingDirectory])
            try #require(removed.status.isSuccess, "\(removed)")
            for name in ["heron-stmgr", "heron-executor"] {
                Glibc.kill(try #require(user.processes(of: name).first), SIGKILL)
            }
            try await eventually("the status says what is missing") {
                try await topology.heron("status").output.contains(topology.workingDirectory)
            }
            try await topology.kill()
        }
    }
}

extension MountedDisk {
    /// Makes it impossible, or possible again, to write.
    fileprivate func set(_ disk: SmallDisk, _ on: Bool) async throws {
        switch (disk, on) {
        case (.readOnly, _): try await setReadOnly(on)
        case (.full, true): try await fill()
        case (.full, false): try await empty()
        }
    }
}
