import Glibc
import Processes
import Testing

/// Directories that cannot be written to: the state's, the uploads', the topology's, and the one for temporary files.
@Suite(.enabled(if: Installation.home != nil, "\(Installation.missing)"))
struct BadInputDirectoryTests {
    private static let directories = [
        ("heron.statemgr.root.path", "the state cannot be opened: "),
        ("heron.uploader.localfs.file.system.directory", "the package cannot be uploaded: "),
        ("heron.scheduler.local.working.directory", "the working directory"),
    ]

    private static let submit = ["submit", "local", BadInput.invalid, "-", "valid"]

    @Test(arguments: directories)
    func aFileInPlaceOfADirectoryIsNamed(key: String, what: String) async throws {
        try await User.use { user in
            let file: String = try await user.write("file", "")
            for below in ["", "/below"] {
                try await user.expectFailure(
                    BadInputDirectoryTests.submit + ["--config-property", "\(key)=\(file)\(below)"],
                    says: [what, file]
                )
            }
        }
    }

    /// Nobody can make a directory there, not even root.
    @Test(arguments: directories)
    func aDirectoryThatCannotBeMadeIsNamed(key: String, what: String) async throws {
        try await User.use { user in
            try await user.expectFailure(
                BadInputDirectoryTests.submit + ["--config-property", "\(key)=/proc/heron"],
                says: [what, "/proc/heron", "No such file or directory"]
            )
        }
    }

    @Test func aMissingDirectoryForTemporaryFilesIsNamed() async throws {
        try await User.use { user in
            try await user.expectFailure(
                BadInputDirectoryTests.submit,
                says: ["cannot make a directory in '\(user.home)/none': No such file or directory", "TMPDIR"],
                environment: ["TMPDIR": "\(user.home)/none"]
            )
        }
    }

    @Test(
        .enabled(if: SmallDisk.isAvailable, "\(SmallDisk.missing)"),
        arguments: directories,
        [SmallDisk.readOnly, .full]
    )
    func aReadOnlyOrFullDirectoryIsNamedAndLeftAsItWas(_ directory: (String, String), disk: SmallDisk) async throws {
        let (key, _) = directory
        try await User.use { user in
            let place: String = user.home + "/disk"
            let result = try await user.onDisk(
                disk,
                at: place,
                BadInputDirectoryTests.submit + ["--config-property", "\(key)=\(place)/heron"]
            )
            #expect(result.status == .exited(1), "\(result)")
            user.checkErrorLine(of: result, [place, disk.reason], #_sourceLocation)
            #expect(result.output == "", "left on the disk")
            try await user.expectNothingLeft()
        }
    }
}

/// A file system in memory that takes nothing, or next to nothing.
enum SmallDisk: Sendable, CustomTestStringConvertible {
    case readOnly
    case full

    /// Whether this user may mount one, in a name space of its own.
    static let isAvailable: Bool =
        system("unshare --map-root-user --mount mount -t tmpfs tmpfs /tmp >/dev/null 2>&1") == 0

    static let missing = "needs to mount a file system (unshare --map-root-user --mount)"

    /// The options of `mount`.
    var options: String {
        switch self {
        case .readOnly: "ro"
        case .full: "size=4k"
        }
    }

    /// The system's words.
    var reason: String {
        switch self {
        case .readOnly: "Read-only file system"
        case .full: "No space left on device"
        }
    }

    var testDescription: String { options }
}

extension User {
    /// Runs `heron` where a small disk is mounted; its output is then the list of the files left on the disk.
    fileprivate func onDisk(_ disk: SmallDisk, at place: String, _ arguments: [String]) async throws -> Result {
        try await shell("mkdir '\(place)'")
        let heron: String = try #require(Installation.home) + "/bin/heron"
        var environment: [String: String] = ChildProcess.currentEnvironment()
        environment["HOME"] = home
        environment["TMPDIR"] = home + "/tmp"
        environment["NO_COLOR"] = "1"
        let script = """
            mount -t tmpfs -o \(disk.options) tmpfs "$0"
            status=0; "$@" >/dev/null || status=$?
            find "$0" -type f -not -name .lock
            exit $status
            """
        let finished: CompletedProcess = try await BadInput.turnstile.pass {
            try await ChildProcess.runToCompletion(
                executable: "unshare",
                arguments: ["--map-root-user", "--mount", "sh", "-euc", script, place, heron] + arguments,
                environment: environment,
                workingDirectory: home,
                timeLimit: .seconds(120)
            )
        }
        return Result(
            status: finished.status,
            output: String(decoding: finished.output, as: UTF8.self),
            error: String(decoding: finished.error, as: UTF8.self)
        )
    }
}
