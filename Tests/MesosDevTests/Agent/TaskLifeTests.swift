import Files
import Glibc
import MesosProtocol
import Testing

@testable import MesosDevAgent

/// How tasks start and end by themselves.
@Suite(.timeLimit(.minutes(1))) struct TaskLifeTests {
    @Test func aCommandStartsRunsAndFinishes() async throws {
        try await AgentHarness.run { harness in
            await harness.launch("echo out; echo err >&2", id: "one")
            let updates = try await harness.updates(to: .taskFinished)
            #expect(updates.map(\.state) == [.taskStarting, .taskRunning, .taskFinished])
            #expect(updates.map(\.message) == ["", "", "Command exited with status 0"])
            #expect(Set(updates.map { Array($0.uuid) }).count == 3)
            for status in updates {
                #expect(status.source == .executor && !status.hasReason && status.uuid.count == 16)
                #expect(status.taskID.value == "one" && status.executorID.value == "one")
                #expect(status.agentID.value == "A-S0" && status.timestamp > 1e9)
                #expect(status.containerStatus.executorPid > 1)
                #expect(status.containerStatus.networkInfos[0].ipAddresses[0].ipAddress == "127.0.0.9")
            }
            let container = updates[0].containerStatus.containerID.value
            let sandbox = harness.sandbox("one")
            #expect(try harness.text("stdout", of: "one") == "out\n")
            #expect(try harness.text("stderr", of: "one") == "err\n")
            #expect(try FileStatus(following: sandbox).permissions == 0o750)
            let named = sandbox.replacingSuffix("latest", by: container)
            #expect(try FileStatus(following: named).identity == FileStatus(following: sandbox).identity)
        }
    }

    /// In whatever order the two are told: updates wait for the acknowledgements of those before.
    @Test func resourcesAreFreeOnceTheProcessIsGone() async throws {
        try await AgentHarness.run { harness in
            await harness.launch("true")
            var (isFinished, isFree) = (false, false)
            while !isFinished || !isFree {
                switch try await harness.message() {
                case .update(_, let status):
                    await harness.acknowledge(status)
                    isFinished = isFinished || status.state == .taskFinished
                case .finished(let framework, let task):
                    #expect(framework.value == "F-0001" && task.value == "t")
                    isFree = true
                }
            }
        }
    }

    @Test(arguments: [
        ("exit 3", "Command exited with status 3"), ("kill -KILL $$", "Command terminated with signal Killed"),
        ("kill -SEGV $$", "Command terminated with signal Segmentation fault"),
    ])
    func failuresAreWordedAsMesosDoes(_ script: String, _ message: String) async throws {
        try await AgentHarness.run { harness in
            await harness.launch(script)
            let last = try await harness.updates(to: .taskFailed).last
            #expect(last?.message == message)
        }
    }

    @Test func argumentsAreNotReadByAShell() async throws {
        try await AgentHarness.run { harness in
            await harness.launch("/bin/echo") {
                $0.command.shell = false
                $0.command.arguments = ["echo", "a  b", "$HOME"]
            }
            try await harness.updates(to: .taskFinished)
            #expect(try harness.text("stdout") == "a  b $HOME\n")
        }
    }

    @Test func aProgramThatIsNotThereRunsAndFails() async throws {
        try await AgentHarness.run { harness in
            await harness.launch("/no/such/binary") { $0.command.shell = false }
            let updates = try await harness.updates(to: .taskFailed)
            #expect(updates.map(\.state) == [.taskStarting, .taskRunning, .taskFailed])
            #expect(updates.last?.message == "Command exited with status 1")
            #expect(try harness.text("stderr").contains("cannot start '/no/such/binary': "))
        }
    }

    @Test func theEnvironmentIsMesosAndTheCommands() async throws {
        setenv("HERON_AGENT_TEST_SECRET", "s", 1)
        try await AgentHarness.run { harness in
            var framework = AgentHarness.framework
            framework.checkpoint = true
            await harness.launch("env; pwd", for: framework) {
                $0.resources = [
                    .with {
                        $0.name = "cpus"
                        $0.type = .scalar
                        $0.allocationInfo.role = "ads"
                    }
                ]
                $0.command.environment.variables = [variable("OWN", "1"), variable("LIBPROCESS_PORT", "7")]
            }
            let container = try await harness.updates(to: .taskFinished)[0].containerStatus.containerID.value
            let lines = try harness.text("stdout").split(separator: "\n").map { String($0) }
            let path = harness.sandbox().replacingSuffix("latest", by: container)
            for line in [
                "MESOS_SANDBOX=\(path)", "MESOS_DIRECTORY=\(path)", "MESOS_FRAMEWORK_ID=F-0001", "MESOS_EXECUTOR_ID=t",
                "MESOS_SLAVE_ID=A-S0", "MESOS_SLAVE_PID=slave(1)@127.0.0.9:5059",
                "MESOS_AGENT_ENDPOINT=127.0.0.9:5059", "MESOS_CHECKPOINT=1", "MESOS_RECOVERY_TIMEOUT=15mins",
                "MESOS_SUBSCRIPTION_BACKOFF_MAX=2secs", "MESOS_ALLOCATION_ROLE=ads", "LIBPROCESS_IP=127.0.0.9",
                "LIBPROCESS_PORT=7", "OWN=1", path,
            ] { #expect(lines.contains(line), "\(line)") }
            #expect(!lines.contains { $0.hasPrefix("HERON_AGENT_TEST_SECRET") || $0.hasPrefix("HOME=") })
        }
    }

    @Test func aTaskThatIsThereIsNotStartedAgain() async throws {
        try await AgentHarness.run { harness in
            await harness.launch("echo one; sleep 600")
            try await harness.updates(to: .taskRunning)
            await harness.launch("echo two")
            await harness.kill()
            #expect(try await harness.updates(to: .taskKilled).count == 1)
        }
    }

    @Test func aTaskIDMayBeUsedAgainAfterItsEnd() async throws {
        try await AgentHarness.run { harness in
            for word in ["one", "two"] {
                await harness.launch("echo \(word)")
                try await harness.updates(to: .taskFinished)
                #expect(try harness.text("stdout") == "\(word)\n")
            }
        }
    }

    private func variable(_ name: String, _ value: String) -> MesosEnvironment.Variable {
        .with {
            $0.name = name
            $0.value = value
        }
    }
}

extension String {
    fileprivate func replacingSuffix(_ suffix: String, by other: String) -> String {
        hasSuffix(suffix) ? dropLast(suffix.count) + other : self
    }
}
