import ArgumentParser
import Glibc
import PluginCheck

/// `heron plugin check`: whether a plugin keeps to the rules of docs/plugin-rules.md.
struct PluginCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks whether a plugin keeps to the rules of docs/plugin-rules.md.",
        discussion: """
            The plugin runs in processes of its own, in a scratch folder and with a host that pretends to have a \
            cluster. Exits with 1 if a rule is broken.

            Examples:
              heron plugin check fleet
              heron plugin check fleet --rule 25 --sanitize address
              heron plugin check fleet --reproduce 17
            """
    )

    @Argument(help: "The plugin's folder, with plugin.yaml and the library.") var folder: String
    @Option(
        name: .customLong("rule"),
        help: ArgumentHelp("Look at this rule only; may be repeated.", valueName: "number")
    )
    var rules: [Int] = []
    @Option(
        name: .customLong("config-property"),
        help: ArgumentHelp("A configuration key that the plugin needs; may be repeated.", valueName: "key=value")
    )
    var properties: [String] = []
    @Option(help: ArgumentHelp("Run with a sanitizer's runtime: address.", valueName: "sanitizer"))
    var sanitize: Sanitizer?
    @Option(help: ArgumentHelp("Where random numbers begin.", valueName: "number")) var seed: UInt64 = 1
    @Option(
        help: ArgumentHelp(
            "Make the calls of a seed again, or of several (1-9), instead of new ones.",
            valueName: "seed"
        )
    )
    var reproduce: SeedRange?
    @Option(name: .customLong("fuzz-seconds"), help: "For how long random calls are made.") var fuzzSeconds: Double = 2
    @Option(name: .customLong("time-limit"), help: "After how many seconds a call counts as hanging.")
    var timeLimit: Double = 30
    @Option(help: "How to print it.") var output: OutputFormat = .text

    func run() async throws {
        let checker = PluginChecker(folder: folder, settings: try await settings())
        let report = try await Interruption.cancelling { try await checker.run() }
        if output == .json {
            try JSONOutput.write(CheckSummary(report))
        } else {
            show(report)
        }
        if !report.isClean { throw ExitCode(ExitStatus.failure.rawValue) }
    }

    private func settings() async throws -> CheckSettings {
        var settings = CheckSettings(executable: "/proc/self/exe", arguments: ["plugin", "run-check"])
        for property in properties {
            let parts = property.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw ValidationError("--config-property \(property): must be key=value")
            }
            settings.properties[String(parts[0])] = String(parts[1])
        }
        settings.rules = Set(
            try rules.map { number in
                guard let rule = Rule(rawValue: number) else {
                    throw ValidationError("--rule \(number): there are rules 1 to \(Rule.allCases.count)")
                }
                return rule
            }
        )
        guard (0.01...86_400).contains(timeLimit), (0...86_400).contains(fuzzSeconds) else {
            throw ValidationError("--time-limit and --fuzz-seconds must be seconds of a day at most")
        }
        settings.seed = seed
        settings.reproduced = reproduce?.seeds
        if reproduce != nil && rules.isEmpty { settings.rules = [.fuzzing] }
        settings.fuzzTime = .milliseconds(Int(fuzzSeconds * 1000))
        settings.timeLimit = .milliseconds(Int(timeLimit * 1000))
        if let folder = getenv("TMPDIR"), folder.pointee != 0 { settings.temporaryFolder = String(cString: folder) }
        settings.preload = try await sanitize?.runtime()
        return settings
    }

    private func show(_ report: CheckReport) {
        for warning in report.warnings { Console.warning(warning) }
        var table = TextTable("RULE", "RESULT", "WHAT")
        for (rule, outcome) in report.outcomes.sorted(by: { $0.key < $1.key }) {
            switch outcome {
            case .ok: table.add("\(rule.number)", "ok", rule.title)
            case .skipped(let reason): table.add("\(rule.number)", "skipped", "\(rule.title): \(reason)")
            case .failed(let details):
                table.add("\(rule.number)", "FAILED", "\(rule.title):")
                for detail in details { table.add(" ", " ", "  \(detail)") }
            }
        }
        print(table.text)
        let counts = CheckSummary(report).counts
        print("\n\(report.plugin): \(counts.ok) ok, \(counts.failed) failed, \(counts.skipped) skipped")
    }
}

/// The process that `heron plugin check` starts for each check.
struct PluginRunCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run-check", shouldDisplay: false)

    @Argument(help: "The check's scratch folder.") var scratch: String

    func run() async throws {
        await CheckChild.run(scratch)
    }
}

/// Seeds on the command line: one, or the first and the last.
struct SeedRange: ExpressibleByArgument {
    let seeds: ClosedRange<UInt64>

    init?(argument: String) {
        let parts = argument.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
        guard let first = parts.first ?? nil, let last = parts.last ?? nil, parts.count <= 2, first <= last else {
            return nil
        }
        seeds = first...last
    }
}

extension Sanitizer: ExpressibleByArgument {}

/// A report as `--output json` shows it.
private struct CheckSummary: Encodable {
    struct Entry: Encodable {
        let rule: Int
        let title: String
        let result: String
        let details: [String]
    }

    let plugin: String
    let folder: String
    let warnings: [String]
    let rules: [Entry]

    init(_ report: CheckReport) {
        plugin = report.plugin
        folder = report.folder
        warnings = report.warnings
        rules = report.outcomes.sorted { $0.key < $1.key }.map { rule, outcome in
            let (result, details): (String, [String]) =
                switch outcome {
                case .ok: ("ok", [])
                case .failed(let details): ("failed", details)
                case .skipped(let reason): ("skipped", [reason])
                }
            return Entry(rule: rule.number, title: rule.title, result: result, details: details)
        }
    }

    var counts: (ok: Int, failed: Int, skipped: Int) {
        let count = { (result: String) in rules.count { $0.result == result } }
        return (count("ok"), count("failed"), count("skipped"))
    }
}
