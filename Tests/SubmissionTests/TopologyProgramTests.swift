import Glibc
import Processes
import Testing

@testable import Submission

/// Programs that a shell runs in Python's place: what is tested is how they are started and ended.
struct TopologyProgramTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    @Test func getsTheFileTheClassTheArgumentsAndTheOptions() async throws {
        var options = HeronOptions()
        try options.add("cmdline.topology.name", "My Top")
        let program: TopologyProgram = try program(
            "printf '%s\\n' \"$@\" \"$HERON_OPTIONS\" \"$TMPDIR\" >\"$TMPDIR/seen\"",
            className: "words.Words",
            arguments: ["one two", "-3"]
        )
        try await program.run(options: options, scratch: folder.path, timeLimit: .seconds(60))
        #expect(
            try folder.text("seen")
                == "words.Words\none two\n-3\ncmdline.topology.name=My%%%%Top\n\(folder.path)\n"
        )
    }

    @Test func oneThatFailsIsToldWithItsOutput() async throws {
        let error: SubmissionError = try await failure("echo reading; echo no source >&2; exit 7")
        #expect(
            error.description == "Failed to create topology definition file when executing class '-' of file"
                + " '\(folder.path)/main.py': it exited with code 7"
        )
        #expect(error.output == "reading\nno source")
    }

    @Test func oneThatCrashesIsToldWithItsSignal() async throws {
        let error: SubmissionError = try await failure("kill -SEGV $$")
        #expect(error.message.contains("signal 11") || error.message.contains("SIGSEGV"), "\(error)")
    }

    /// Only the last of a long output is kept, and it is said that there was more.
    @Test func aLongOutputIsCut() async throws {
        let error: SubmissionError = try await failure("head -c 200000 /dev/zero | tr '\\0' x; echo; echo last; exit 1")
        #expect(error.output.hasPrefix("[…]\n") && error.output.hasSuffix("x\nlast"))
        #expect(error.output.utf8.count < 40_000)
    }

    @Test func oneThatHangsIsEndedWithAllThatItStarted() async throws {
        let hanging = """
            sh -c 'trap "" TERM; echo $$ >"$TMPDIR/child"; while :; do sleep 1; done' &
            echo waiting
            wait
            """
        let error: SubmissionError = try await failure(hanging, timeLimit: .milliseconds(1500))
        #expect(
            error.message.contains("'\(folder.path)/main.py' did not define its topology within 1 s and was stopped")
        )
        #expect(try #require(error.hint).contains("--main-timeout"))
        #expect(error.output == "waiting")
        let child: Int32 = try #require(try processID("child"))
        #expect(!isRunning(child), "the program's own child is left behind")
    }

    @Test func aCancelledOneIsEnded() async throws {
        let program: TopologyProgram = try program("echo $$ >\"$TMPDIR/started\"; exec sleep 600")
        let run = Task { [folder] in
            try await program.run(options: HeronOptions(), scratch: folder.path, timeLimit: .seconds(600))
        }
        while try processID("started") == nil { try await Task.sleep(for: .milliseconds(5)) }
        run.cancel()
        await #expect(throws: CancellationError.self) { try await run.value }
        let started: Int32 = try #require(try processID("started"))
        #expect(!isRunning(started))
    }

    @Test(arguments: ["no-such-interpreter", "/etc/passwd"])
    func withoutAnInterpreterItIsSaidWhatToInstall(interpreter: String) async throws {
        var program: TopologyProgram = try program("exit 0")
        program = .python(program.file, className: "-", arguments: [], runner: [interpreter])
        let error: SubmissionError = try await failure(program)
        #expect(error.message.hasPrefix("cannot run '\(folder.path)/main.py': "), "\(error)")
        #expect(error.message.contains(interpreter) && error.hint == "install python3 (3.8 or newer)", "\(error)")
    }

    /// The process id that a program wrote into a file; nil before that.
    private func processID(_ file: String) throws -> Int32? {
        try folder.text(file).flatMap { Int32($0.dropLast()) }
    }

    /// Whether a process exists, and is more than what its parent has not collected yet.
    private func isRunning(_ processID: Int32) -> Bool {
        (try? ProcessIdentity.of(processID))?.isAlive ?? false
    }

    private func program(
        _ script: String,
        className: String = "-",
        arguments: [String] = []
    ) throws -> TopologyProgram {
        .python(
            try TopologyFile(try folder.write("main.py", script)),
            className: className,
            arguments: arguments,
            runner: ["sh"]
        )
    }

    private func failure(_ script: String, timeLimit: Duration = .seconds(60)) async throws -> SubmissionError {
        try await failure(try program(script), timeLimit: timeLimit)
    }

    private func failure(
        _ program: TopologyProgram,
        timeLimit: Duration = .seconds(60)
    ) async throws -> SubmissionError {
        try await #require(throws: SubmissionError.self) {
            try await program.run(options: HeronOptions(), scratch: folder.path, timeLimit: timeLimit)
        }
    }
}
