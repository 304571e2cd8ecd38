import Testing

/// Bad input about topologies that run.
extension TopologyTests {
    @Test func aSecondTopologyOfTheSameNameIsRefused() async throws {
        try await User.use { user in
            let topology = try await CountingTopology.submit(user)
            for address in ["local", "local/somebody-else/devel"] {
                let second = try await user.heron("submit", address, CountingTopology.file, "-", topology.name)
                #expect(second.status == .exited(1), "\(second)")
                user.checkErrorLine(
                    of: second,
                    ["Topology 'Counting' already exists; kill it first, or submit under another name"],
                    #_sourceLocation
                )
            }
            #expect(try await user.files(below: "tmp") == [])
            try await topology.expectFlow("beside a submission that was refused")
            try await topology.kill()
        }
    }

    @Test func aTopologyThatDoesNotComeUpInTimeStaysPending() async throws {
        try await User.use { user in
            let file: String = Installation.folder + "/BrokenTopologies/slow.py"
            let result = try await user.heron("submit", "local", file, "-", "--timeout", "2")
            #expect(result.status == .exited(3), "\(result)")
            let last: Substring? = result.error.split(separator: "\n").last
            #expect(
                last?.hasPrefix("warning: the topology was submitted and is pending: not running after 2 s") == true
            )
            #expect(result.error.contains("see: heron status"))

            let topology = CountingTopology(user: user, name: "Slow")
            #expect(try await user.heron("list", "local").output.contains("PENDING"))
            #expect(try await user.heron("status", "local", "Slow").output.contains("state      PENDING"))
            let activation = try await user.heron("activate", "local", "Slow")
            #expect(activation.status == .exited(1), "\(activation)")
            user.checkErrorLine(
                of: activation,
                ["Failed to get physical plan for topology 'Slow'; it has not come up yet; see: heron status"],
                #_sourceLocation
            )
            try await topology.kill()
        }
    }
}
