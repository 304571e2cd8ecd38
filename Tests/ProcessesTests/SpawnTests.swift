import Glibc
import Testing

@testable import Processes

@Suite struct SpawnTests {
    @Test func argumentsAndEnvironmentArriveAsGiven() async throws {
        let result = try await ChildProcess.runToCompletion(
            executable: "/bin/sh",
            arguments: ["-c", #"printf '%s|' "$@"; env | sort"#, "name", "a b", "", "$x\"'", "ü"],
            environment: ["ONE": "1", "TWO": "a=b"],
            timeLimit: .seconds(20)
        )
        #expect(result.status == .exited(0))
        #expect(result.text.hasPrefix("a b||$x\"'|ü|ONE=1\n"))
        #expect(result.text.contains("TWO=a=b\n"))
        #expect(!result.text.contains("HOME="))
    }

    @Test func aChildHasOnlyItsStandardDescriptors() async throws {
        let folder = try TemporaryFolder()
        let leaked = open(try folder.write("open", ""), O_RDONLY)
        defer { close(leaked) }
        // Built-in commands only: a pipe or a program would have descriptors of the shell's own making.
        let result = try await shell(
            "for n in 0 1 2 3 4 5 6 7 8 9 \(leaked); do if [ -e /proc/self/fd/$n ]; then echo $n; fi; done; readlink /proc/$$/fd/0"
        )
        #expect(result.text == "0\n1\n2\n/dev/null\n")
    }

    @Test func aChildIgnoresAndBlocksNoSignal() async throws {
        signal(SIGPIPE, SIG_IGN)
        let result = try await shell("grep -E 'Sig(Blk|Ign)' /proc/self/status")
        let masks = result.text.split(separator: "\n").compactMap { $0.split(separator: "\t").last }
            .compactMap { UInt64($0, radix: 16) }
        // The C library keeps signals 32 and 33 for itself.
        let own: UInt64 = 0b11 << 31
        #expect(masks.map { $0 & ~own } == [0, 0], "\(result.text)")
    }

    @Test func relativePathsCountFromTheWorkingDirectory() async throws {
        let folder = try TemporaryFolder()
        try folder.write("tool", "#!/bin/sh\npwd; echo wrong >&2\n", mode: 0o755)
        try folder.write("out", "before\n")
        let child = try ChildProcess.spawn(
            executable: "./tool",
            environment: [:],
            workingDirectory: folder.path,
            stdout: .file("out"),
            stderr: .file("error")
        )
        #expect(await child.wait() == .exited(0))
        #expect(folder.read("out") == "before\n\(folder.path)\n")
        #expect(folder.read("error") == "wrong\n")
    }

    @Test func aBareNameIsLookedUpInTheGivenPath() async throws {
        let folder = try TemporaryFolder()
        try folder.write("tool", "#!/bin/sh\necho found\n", mode: 0o755)
        let result = try await ChildProcess.runToCompletion(
            executable: "tool",
            environment: ["PATH": "/nowhere:\(folder.path)"],
            timeLimit: .seconds(20)
        )
        #expect(result.text == "found\n")
    }

    @Test func aNewSessionIsLedByTheChild() async throws {
        let own = try ChildProcess.spawn(executable: "sleep", arguments: ["60"], environment: [:], newSession: true)
        let shared = try ChildProcess.spawn(executable: "sleep", arguments: ["60"], environment: [:])
        let ownStat = try #require(try ProcessStat.of(own.processID))
        let sharedStat = try #require(try ProcessStat.of(shared.processID))
        #expect(ownStat.session == own.processID && ownStat.group == own.processID)
        #expect(sharedStat.session == getsid(0) && sharedStat.group == getpgrp())
        #expect(await own.terminate(grace: .seconds(10)) == .signaled(SIGTERM))
        #expect(await shared.terminate(grace: .seconds(10)) == .signaled(SIGTERM))
    }

    @Test func aProgramThatIsStillBeingClosedIsWaitedFor() async throws {
        let folder = try TemporaryFolder()
        let tool = try folder.write("tool", "#!/bin/sh\nexit 4\n", mode: 0o755)
        let writer = open(tool, O_WRONLY)
        #expect(startError(executable: tool) == "cannot start '\(tool)': text file busy")
        try startThread {
            usleep(10_000)
            close(writer)
        }
        let child = try ChildProcess.spawn(executable: tool, environment: [:])
        #expect(await child.wait() == .exited(4))
    }

    @Test func errorsNameTheFileAndTheReason() throws {
        let folder = try TemporaryFolder()
        let plain = try folder.write("plain", "text")
        let orphan = try folder.write("orphan", "#!/no/such/interpreter\n", mode: 0o755)
        let binary = try folder.write("binary", "\u{1}\u{2}", mode: 0o755)
        #expect(startError(executable: "/no/such/file") == "cannot start '/no/such/file': no such file or directory")
        #expect(startError(executable: plain) == "cannot start '\(plain)': it is not executable")
        #expect(startError(executable: folder.path) == "cannot start '\(folder.path)': it is a directory")
        #expect(startError(executable: orphan)?.contains("its interpreter (the '#!' line") == true)
        #expect(startError(executable: binary)?.contains("not an executable file of this machine") == true)
        #expect(
            startError(executable: "no-such-command")?.hasPrefix("cannot start 'no-such-command': no such command")
                == true
        )
        #expect(startError(executable: "") == "cannot start a process: the executable's name is empty")
    }

    @Test func requestsThatCannotBeMeantAreRefused() throws {
        let folder = try TemporaryFolder()
        #expect(startError(arguments: ["a\0b"])?.contains("begins with 'a' holds a NUL byte") == true)
        #expect(startError(environment: ["A=B": ""])?.contains("'A=B' is not a name") == true)
        #expect(
            startError(workingDirectory: "\(folder.path)/none")
                == "cannot use '\(folder.path)/none' as the working directory: no such file or directory"
        )
        #expect(
            startError(stdout: .file("\(folder.path)/none/out"))
                == "cannot open the standard output '\(folder.path)/none/out': no such file or directory"
        )
    }

    private func startError(
        executable: String = "/bin/true",
        arguments: [String] = [],
        environment: [String: String] = [:],
        workingDirectory: String? = nil,
        stdout: ChildOutput = .null
    ) -> String? {
        do {
            let child = try ChildProcess.spawn(
                executable: executable,
                arguments: arguments,
                environment: environment,
                workingDirectory: workingDirectory,
                stdout: stdout
            )
            child.signal(SIGKILL)
            return nil
        } catch {
            return "\(error)"
        }
    }
}
