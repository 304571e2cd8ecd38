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

    /// Its executors run and do nothing, so that no instance ever registers.
    @Test func aTopologyThatDoesNotComeUpInTimeStaysPending() async throws {
        try await User.use { user in
            let core: String = try await user.core(executor: "exec sleep 3600")
            let result = try await user.heron(
                "submit",
                "local",
                CountingTopology.file,
                "-",
                "Slow",
                "--timeout",
                "1",
                "--config-property",
                core
            )
            #expect(result.status == .exited(3), "\(result)")
            #expect(
                result.error.split(separator: "\n").last.map(String.init)
                    == "warning: the topology was submitted and is pending: not running after 1 s: its containers run,"
                    + " but not every instance has registered; see: heron status"
            )

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

    @Test func executorsThatEndAtOnceAreToldWhenTheTimeIsOver() async throws {
        try await User.use { user in
            let core: String = try await user.core(executor: "exit 7")
            let result = try await user.heron(
                "submit",
                "local",
                CountingTopology.file,
                "-",
                "Flapping",
                "--timeout",
                "1",
                "--config-property",
                core
            )
            #expect(result.status == .exited(3), "\(result)")
            try await eventually("the status shows the back-off") {
                let status = try await user.heron("status", "local", "Flapping")
                return status.output.contains("backing-off") && status.output.contains("exited with code 7")
            }
            try await CountingTopology(user: user, name: "Flapping").kill()
        }
    }

    /// A first start that cannot work is undone, not repeated.
    @Test func aCorePackageWithoutAnExecutorLeavesNothing() async throws {
        try await User.use { user in
            let core: String = try await user.core(executor: nil)
            try await user.expectFailure(
                ["submit", "local", CountingTopology.file, "-", "Hollow", "--config-property", core],
                says: ["heron-executor", "no such file or directory"]
            )
            try await user.expectFailure(
                [
                    "submit", "local", CountingTopology.file, "-", "Hollow", "--config-property",
                    "heron.package.core.directory=\(user.home)/none",
                ],
                says: ["\(user.home)/none", "heron.package.core.directory"]
            )
        }
    }
}

extension User {
    /// A core package with nothing in it but an executor, a shell script; returned as a configuration property.
    func core(executor: String?) async throws -> String {
        try await shell("mkdir -p core/bin")
        if let executor {
            _ = try await write("core/bin/heron-executor", "#!/bin/sh\n\(executor)\n")
            try await shell("chmod +x core/bin/heron-executor")
        }
        return "heron.package.core.directory=\(home)/core"
    }
}
