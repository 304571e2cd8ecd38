import Glibc
import HeronState
import Processes
import Testing

/// What tests of faults do to a cluster, and ask of it.
extension MesosCluster {
    /// Has each of the cluster's agents do something; see docs/mesos-dev.md.
    func agents(_ action: String, count: Int = 2) async throws {
        for index in 0..<count { try await agent("S\(index)", action) }
    }

    func agent(_ id: String, _ action: String) async throws {
        try await fault(#"{"fault":"agent","agent":"\#(id)","do":"\#(action)"}"#)
    }

    /// The id of the agent that a task's process runs on.
    func agent(of process: Int32) throws -> String {
        try #require(variable("MESOS_SLAVE_ID", of: process))
    }

    /// Which start of its container an executor is, from 1; 0 if that cannot be told.
    func generation(of executor: Int32) -> Int {
        variable("HERON_CONTAINER_GENERATION", of: executor).flatMap { Int($0) } ?? 0
    }

    private func variable(_ name: String, of process: Int32) -> String? {
        let prefix = Array("\(name)=".utf8)
        let variables = user.contents("/proc/\(process)/environ").split(separator: 0)
        return variables.first { $0.starts(with: prefix) }
            .map { String(decoding: $0.dropFirst(prefix.count), as: UTF8.self) }
    }

    /// Takes the master away until ``bringMasterBack()``; the agents and their tasks live on.
    func takeMasterAway() async throws {
        try await fault(#"{"fault":"restart-master","registry":"kept","down":3600}"#)
    }

    func bringMasterBack() async throws {
        try await fault(#"{"fault":"restart-master","registry":"kept"}"#)
        try await eventually("the master answers") { (try? await state()) != nil }
    }

    /// SIGKILL for the scheduler service.
    func killService() async throws {
        for process in user.processes("heron-scheduler") { Glibc.kill(process, SIGKILL) }
        try await eventually("the service is dead") { user.processes("heron-scheduler").isEmpty }
    }

    func startService(_ topology: CountingTopology) async throws {
        let arguments = ["scheduler", "start", topology.cluster, topology.name]
        let result = try await user.run(arguments + topology.clusterOptions)
        #expect(result.status.isSuccess, "\(result)")
    }

    /// Begins to submit the counting topology; goes on when its scheduler serves, whether or not it runs.
    func beginSubmission(_ more: [String] = []) async throws -> (CountingTopology, ChildProcess) {
        let command = ["submit", MesosCluster.place, CountingTopology.file, "-", "Counting"]
        let submission = try user.start(command + options + more)
        try await eventually("the scheduler serves") {
            let words = String(decoding: user.contents(user.home + "/heron.err"), as: UTF8.self)
            try #require(submission.exitStatus == nil || words.contains("containers"), "\(words)")
            return words.contains("containers")
        }
        let name = "Counting"
        return (
            CountingTopology(user: user, name: name, cluster: MesosCluster.place, clusterOptions: options), submission
        )
    }

    /// Begins to kill a topology, for a test that breaks that off.
    func beginKill(_ topology: CountingTopology) throws -> ChildProcess {
        try user.start(["kill", topology.cluster, topology.name] + topology.clusterOptions)
    }

    /// Waits until the command that was started last has failed.
    func expectFailure(_ command: ChildProcess) async throws {
        let status = await command.wait(for: .seconds(60))
        #expect(status == .exited(1), "\(String(decoding: user.contents(user.home + "/heron.err"), as: UTF8.self))")
    }

    func expectStatus(_ topology: CountingTopology, says text: String, _ when: String) async throws {
        var last = ""
        do {
            try await eventually("status says \(text) \(when)") {
                last = try await topology.heron("status").output
                return last.contains(text)
            }
        } catch {
            Issue.record("status has been:\n\(last)")
            throw error
        }
    }

    /// What the ledger has of the framework; empty if nothing.
    func ledger(_ topology: CountingTopology) async throws -> String {
        let settings = StateSettings(connection: zooKeeper.connection, rootPath: "/heron")
        let state = try await openStateManager(settings) { _, _ in }
        let node = try await state.get(try StatePath(own: topology.name, "mesos", "framework"))
        await state.close()
        return String(decoding: node?.data ?? [], as: UTF8.self)
    }

    /// What the ledger, and so every next scheduler, knows the framework as.
    func frameworkID(_ topology: CountingTopology) async throws -> String {
        let ledger = try await ledger(topology)
        return String(try #require(ledger.firstMatch(of: /"framework_id":"([^"]+)"/)).1)
    }

    /// What the scheduler service has logged in the background.
    func log(of topology: CountingTopology) -> String {
        let directory = "\(user.home)/.herondata/topologies/\(topology.cluster)/\(topology.name)"
        let file = "\(directory)/log-files/heron-\(topology.name)-scheduler.log"
        return String(decoding: user.contents(file), as: UTF8.self)
    }

    func expectLog(of topology: CountingTopology, says text: String) async throws {
        try await eventually("the service logs \(text)") { log(of: topology).contains(text) }
    }

    /// Waits until container 1 has another executor, and all have exactly one.
    func expectReplaced(_ old: Int32, _ when: String) async throws {
        try await eventually("container 1 has another executor \(when)") {
            executors[1].map { $0.count == 1 && $0 != [old] } ?? false
        }
        try await expectOneEach(when)
    }

    /// Waits until both containers have exactly one executor.
    func expectOneEach(_ when: String) async throws {
        try await eventually("each container has one executor \(when)") {
            let executors = executors
            return executors.keys.sorted() == [0, 1] && executors.values.allSatisfy { $0.count == 1 }
        }
    }
}
