import Testing

/// Everything that runs topologies runs one after the other: each takes a dozen processes.
@Suite(.serialized, .enabled(if: Installation.home != nil, "\(Installation.missing)"))
struct TopologyTests {
    @Test func livesFromSubmitToKill() async throws {
        try await User.use { user in
            let topology = try await CountingTopology.submit(user, bolts: 2)
            try await topology.expectFlow("after submit")
            try await topology.decodeState()
            try await checkReports(topology)

            #expect(try await user.heron("deactivate", "local", topology.name).status.isSuccess)
            try await topology.expectStandstill()
            #expect(try await user.heron("status", "local", topology.name).output.contains("PAUSED"))

            #expect(try await user.heron("activate", "local", topology.name).status.isSuccess)
            try await topology.expectFlow("after activate")

            #expect(try await user.heron("restart", "local", topology.name, "1").status.isSuccess)
            try await topology.expectFlow("after restart of container 1")
            #expect(try await user.heron("restart", "local", topology.name).status.isSuccess)
            try await topology.expectFlow("after restart")
            try await topology.kill()
        }
    }

    @Test(arguments: ["fields", "all", "lowest", "none", "custom"])
    func groupsAcrossContainers(grouping: String) async throws {
        try await User.use { user in
            let topology = try await CountingTopology.submit(
                user,
                containers: 2,
                spouts: 2,
                bolts: 2,
                grouping: grouping
            )
            try await topology.expectFlow("with grouping \(grouping)")
            let receivers: Int = try await topology.counts().count { $0.value > 0 }
            #expect(receivers == (["lowest", "custom"].contains(grouping) ? 1 : 2))
            try await topology.kill()
        }
    }

    @Test func waitsDeactivatedUntilActivated() async throws {
        try await User.use { user in
            let topology = try await CountingTopology.submit(user, options: ["--deploy-deactivated"])
            #expect(try await user.heron("status", "local", topology.name).output.contains("PAUSED"))
            #expect(try await topology.counts().values.reduce(0, +) == 0)
            #expect(try await user.heron("activate", "local", topology.name).status.isSuccess)
            try await topology.expectFlow("after activate")
            try await topology.kill()
        }
    }

    @Test func runsTheExampleFromItsPex() async throws {
        try await User.use { user in
            let home: String = try #require(Installation.home)
            let result = try await user.heron("submit", "local", home + "/examples/word_count.pex", "-", "Words")
            #expect(result.status.isSuccess, "\(result)")
            let log = ".herondata/topologies/local/\(Login.name)/Words/log-files"
            try await eventually("words are counted") {
                for file in try await user.files(below: log) where file.contains("_count_") {
                    let text = String(decoding: user.contents("\(user.home)/\(log)/\(file)"), as: UTF8.self)
                    if text.contains("heron ") { return true }
                }
                return false
            }
            #expect(try await user.heron("kill", "local", "Words").status.isSuccess)
        }
    }

    private func checkReports(_ topology: CountingTopology) async throws {
        let list = try await topology.user.heron("list", "local")
        #expect(list.output.contains(topology.name) && list.output.contains("RUNNING"))
        let status = try await topology.user.heron("status", "local", topology.name, "--output", "json")
        #expect(status.status.isSuccess && status.output.contains("\"state\" : \"running\""), "\(status)")
        let elsewhere = try await topology.user.heron("kill", "local/someone-else", topology.name)
        #expect(elsewhere.status == .exited(1) && elsewhere.error.contains("does not match"))
    }
}
