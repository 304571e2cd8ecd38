import Glibc
import Processes
import Testing

/// Topologies of jars on this machine.
@Suite(.serialized, .enabled(if: Installation.home != nil, "\(Installation.missing)"))
struct JavaTopologyTests {
    /// The class of Heron's own guide, with the API of Heron's older versions.
    @Test func livesFromSubmitToKill() async throws {
        try await User.use { user in
            let topology = try await JavaTopology.submit(
                user,
                "com.twitter.heron.examples.MultiSpoutExclamationTopology"
            )
            try await topology.expectFlow("after submit")
            #expect(topology.instances(of: "word1").count == 2)

            #expect(try await topology.heron("deactivate").status.isSuccess)
            try await topology.expectStandstill()
            #expect(try await topology.heron("activate").status.isSuccess)
            try await topology.expectFlow("after activate")

            try await killAnInstance(topology)
            #expect(try await topology.heron("restart", "1").status.isSuccess)
            try await topology.expectFlow("after restart of a container")
            try await topology.kill()
        }
    }

    /// An instance that dies is started anew, and takes part again.
    private func killAnInstance(_ topology: JavaTopology) async throws {
        let instances: [Int32] = topology.instances(of: "exclaim1")
        let victim: Int32 = try #require(instances.first)
        #expect(Glibc.kill(victim, SIGKILL) == 0)
        try await eventually("the instance runs anew") {
            let now: [Int32] = topology.instances(of: "exclaim1")
            return now.count == instances.count && !now.contains(victim)
        }
        try await topology.expectFlow("after the death of an instance")
    }

    @Test(arguments: [
        ("AckingTopology", "exclaim1", "!!!"),
        ("CustomGroupingTopology", "mybolt", "!!!"),
        ("TaskHookTopology", "count", "by the settings"),
        ("ComponentJVMOptionsTopology", "exclaim1", "!!!"),
    ])
    func runsTheExamples(example: String, component: String, text: String) async throws {
        try await User.use { user in
            let className = "org.apache.heron.examples.api.\(example)"
            let topology = try await JavaTopology.submit(user, className, component: component, text: text)
            try await topology.expectFlow("in \(example)")
            try await topology.kill()
        }
    }

    /// A jar without an API, and the API's jar beside it, in an archive of either kind.
    @Test(arguments: ["tar", "tar.gz"])
    func runsATar(ending: String) async throws {
        try await User.use { user in
            let api: String = try #require(Installation.home) + "/lib/api/heron-api.jar"
            let examples: String = try JavaTopology.examples()
            try await user.shell(
                """
                mkdir -p parts/libs classes && cd classes && unzip -q \(examples) 'org/apache/heron/examples/*'
                zip -qr ../parts/words.jar . && cd .. && cp \(api) parts/libs/
                tar -C parts -caf words.\(ending) words.jar libs
                """
            )
            let topology = try await JavaTopology.submit(
                user,
                file: "\(user.home)/words.\(ending)",
                "org.apache.heron.examples.api.MultiSpoutExclamationTopology"
            )
            try await topology.expectFlow("from a \(ending)")
            try await topology.kill()
        }
    }
}
