import Files
import Glibc
import Processes

/// What one check's process found out.
struct CheckResult: Sendable {
    var violations: [Violation] = []
    var skipped: [Rule: String] = [:]
    /// The rule that the plugin broke so that the check could not go on.
    var fatal: Rule?
    /// The seed of the random sequence of calls that ended it.
    var fatalSequence: UInt64?
}

/// Makes one check in a process of its own.
struct CheckProcess: Sendable {
    private let check: Check
    private let folder: String
    private let settings: CheckSettings

    init(_ check: Check, folder: String, settings: CheckSettings) {
        self.check = check
        self.folder = folder
        self.settings = settings
    }

    /// The environment variable by which everything that a plugin starts can be found again.
    static let marker = "HERON_PLUGIN_CHECK"

    /// Throws ``CheckError`` if the process cannot be started, `CancellationError` if the task is cancelled; nothing
    /// is left then, too.
    func run() async throws -> CheckResult {
        let scratch = try makeScratch()
        defer { try? removeTree(scratch) }
        do {
            try request.write(to: scratch)
            let leftovers = Leftovers(marker: "\(CheckProcess.marker)=\(scratch)")
            let completed: CompletedProcess
            do {
                completed = try await start(scratch)
            } catch {
                await leftovers.end()
                throw error
            }
            await leftovers.end()
            return try judge(completed, scratch)
        } catch let error as FileError {
            throw CheckError(error.description)
        } catch let error as ProcessError {
            throw CheckError(error.description)
        }
    }

    private var request: CheckRequest {
        CheckRequest(
            check: check,
            folder: folder,
            properties: settings.properties,
            seed: settings.reproduced?.lowerBound ?? settings.seed,
            lastSeed: settings.reproduced?.upperBound,
            fuzzMilliseconds: Int(settings.fuzzTime / .milliseconds(1))
        )
    }

    private func makeScratch() throws -> String {
        var template = Array("\(settings.temporaryFolder)/heron-plugin-check-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw CheckError("cannot make a folder in \(settings.temporaryFolder)", errno)
        }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        for name in ["home", "tmp"] where mkdir("\(path)/\(name)", 0o700) != 0 {
            throw CheckError("cannot make \(path)/\(name)", errno)
        }
        return path
    }

    private func start(_ scratch: String) async throws -> CompletedProcess {
        var environment = ChildProcess.currentEnvironment()
        environment[CheckProcess.marker] = scratch
        environment["HOME"] = "\(scratch)/home"
        environment["TMPDIR"] = "\(scratch)/tmp"
        environment["LD_PRELOAD"] = settings.preload
        // Swift's own report of a crash takes seconds, and the parent knows where it was.
        environment["SWIFT_BACKTRACE"] = "enable=no"
        environment["ASAN_OPTIONS"] = "abort_on_error=1:detect_leaks=0:handle_abort=0"
        return try await ChildProcess.runToCompletion(
            executable: settings.command.executable,
            arguments: settings.command.arguments + [scratch],
            environment: environment,
            workingDirectory: scratch,
            newSession: true,
            timeLimit: settings.timeLimit + (check == .fuzzing ? settings.fuzzTime : .zero)
        )
    }

    private func judge(_ completed: CompletedProcess, _ scratch: String) throws -> CheckResult {
        guard let place = CallPlace.read(from: scratch) else {
            // It did not come as far as the plugin.
            let said = String(decoding: completed.error, as: UTF8.self)
            throw CheckError(oneLine("the process of a check \(completed.status): \(said)"))
        }
        var result = CheckResult()
        var isFinished = false
        for finding in CheckFinding.read(from: scratch) {
            switch finding {
            case .violation(let violation): result.violations.append(violation)
            case .skipped(let rule, let reason): result.skipped[rule] = reason
            case .finished: isFinished = true
            }
        }
        if !completed.output.isEmpty {
            let text = String(decoding: completed.output.prefix(60), as: UTF8.self)
            result.violations.append(Violation(rule: .standardOutput, detail: oneLine("'\(text)' was written to it")))
        }
        guard !isFinished else { return result }
        let death = Death(completed, place)
        result.violations.append(death.violation)
        result.fatal = death.violation.rule
        result.fatalSequence = place.sequence
        return result
    }
}
