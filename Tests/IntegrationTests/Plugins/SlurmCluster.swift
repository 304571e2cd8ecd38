import Glibc
import Processes
import Testing

/// A Slurm on this machine, and a user who submits topologies to it.
final class SlurmCluster: Sendable {
    let user: User
    private let script: ChildProcess

    static let isInstalled = ["slurmctld", "slurmd", "munged"].allSatisfy { (name: String) in
        access("/usr/sbin/\(name)", X_OK) == 0
    }
    static let missing = "needs Slurm and munge; 'make setup' installs them"

    /// Gives a cluster to a test; nothing of it is left behind.
    static func use(_ body: (SlurmCluster) async throws -> Void) async throws {
        try await User.use(variables: { ["SLURM_CONF": configuration(of: $0)] }) { user in
            let cluster = try await SlurmCluster(user)
            do {
                try await body(cluster)
            } catch {
                await cluster.end()
                throw error
            }
            await cluster.end()
        }
    }

    private static func configuration(of home: String) -> String { "\(home)/slurm/slurm.conf" }

    private init(_ user: User) async throws {
        self.user = user
        let output = user.home + "/slurm.out"
        script = try ChildProcess.spawn(
            executable: Installation.folder + "/Scripts/slurm.sh",
            arguments: [user.home + "/slurm"],
            environment: ChildProcess.currentEnvironment(),
            newSession: true,
            stdout: .file(output),
            stderr: .file(output)
        )
        let script = script
        do {
            try await eventually("Slurm is ready") {
                let said = String(decoding: user.contents(output), as: UTF8.self)
                try #require(script.exitStatus == nil, "Slurm does not start: \(said)")
                return said.hasSuffix("ready\n")
            }
        } catch {
            await script.terminate(grace: .seconds(10))
            throw error
        }
    }

    private func end() async {
        await script.terminate(grace: .seconds(20))
    }

    /// The process of Slurm's controller.
    func controller() throws -> Int32 {
        let said = String(decoding: user.contents(user.home + "/slurm.out"), as: UTF8.self)
        let line = try #require(said.split(separator: "\n").first { $0.hasPrefix("controller ") })
        return try #require(Int32(line.dropFirst(11)))
    }

    /// What a command of Slurm's says.
    func ask(_ command: String, _ arguments: String...) async throws -> String {
        let finished = try await ChildProcess.runToCompletion(
            executable: command,
            arguments: arguments,
            environment: ChildProcess.currentEnvironment()
                .merging(["SLURM_CONF": SlurmCluster.configuration(of: user.home)]) { $1 },
            timeLimit: .seconds(30)
        )
        try #require(finished.status.isSuccess, "\(command): \(String(decoding: finished.error, as: UTF8.self))")
        return String(decoding: finished.output, as: UTF8.self)
    }

    /// The containers that run, with the step that each one is.
    func steps() async throws -> [String: String] {
        let lines = try await ask("squeue", "--noheader", "--steps", "--Format=StepName:|,StepID:|").split(
            separator: "\n"
        )
        let pairs = lines.map { $0.split(separator: "|").map(String.init) }.filter { $0[0].hasPrefix("heron-") }
        return Dictionary(pairs.map { ($0[0], $0[1]) }) { first, _ in first }
    }

    /// Submits the counting topology with a container for each of its two bolts, and waits until it runs.
    func submit(_ settings: String...) async throws -> CountingTopology {
        let options = settings.flatMap { ["--config-property", $0] }
        return try await CountingTopology.submit(user, containers: 2, bolts: 2, options: options, cluster: "slurm")
    }

    /// The command lines of the executors that run, by their container.
    func executors() -> [Int: [String]] {
        var found: [Int: [String]] = [:]
        for (process, command) in user.processes() where command.hasPrefix("./heron-core/bin/heron-executor ") {
            let words = user.contents("/proc/\(process)/cmdline").split(separator: 0).map {
                String(decoding: $0, as: UTF8.self)
            }
            guard let shard = words.first(where: { $0.hasPrefix("--shard=") }), let id = Int(shard.dropFirst(8)) else {
                continue
            }
            found[id] = words
        }
        return found
    }

    /// A folder for PATH with no program but Python, which runs the topology's program; none of Slurm's commands.
    func pathWithoutSlurm() async throws -> String {
        let path = ChildProcess.currentEnvironment()["PATH"] ?? ""
        try await user.shell("mkdir bin")
        _ = try await user.write("bin/python3", "#!/bin/sh\nPATH='\(path)' exec python3 \"$@\"\n")
        try await user.shell("chmod +x bin/python3")
        return user.home + "/bin"
    }

    /// Kills it, and checks that neither a job nor a process nor a node nor a file is left.
    func kill(_ topology: CountingTopology) async throws {
        try await topology.kill()
        #expect(try await ask("squeue", "--noheader") == "", "a job is left behind")
    }
}
