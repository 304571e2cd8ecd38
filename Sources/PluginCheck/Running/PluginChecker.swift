import Files
import Glibc
import PluginHost

/// Checks whether a plugin keeps to the rules of docs/plugin-rules.md.
///
/// Whatever runs code of the plugin is done by processes of its own, so that neither a crash nor a hang of the plugin
/// hurts the caller; what they leave running is killed.
public struct PluginChecker: Sendable {
    /// The plugin's folder, as the user named it.
    public let folder: String
    private let settings: CheckSettings

    /// - Parameter folder: may be relative, and a symbolic link.
    public init(folder: String, settings: CheckSettings) {
        self.folder = folder
        self.settings = settings
    }

    /// Looks at the rules that were asked for. Throws ``CheckError`` if checking itself is not possible, and
    /// `CancellationError` if the task is cancelled.
    public func run() async throws -> CheckReport {
        let path = try realFolder()
        let files = FileChecks(folder: path)
        var report = CheckReport(
            plugin: files.manifest?.name ?? path,
            folder: path,
            warnings: files.manifest?.warnings ?? [],
            outcomes: files.outcomes
        )
        for stage in Check.stages {
            try await run(stage.filter(isWanted), path, &report)
        }
        if !settings.rules.isEmpty {
            // Whatever is broken is worth to be known, too.
            let broken = Set(report.broken)
            report.outcomes = report.outcomes.filter { settings.rules.contains($0.key) || broken.contains($0.key) }
        }
        return report
    }

    private func realFolder() throws -> String {
        guard let resolved = realpath(folder, nil) else { throw CheckError("cannot read \(folder)", errno) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private func isWanted(_ check: Check) -> Bool {
        settings.rules.isEmpty || !settings.rules.isDisjoint(with: check.rules)
    }

    /// Makes several checks at the same time, if what they need is given.
    private func run(_ checks: [Check], _ path: String, _ report: inout CheckReport) async throws {
        var possible: [Check] = []
        for check in checks {
            if let obstacle = obstacle(to: check, in: report) {
                for rule in check.rules { report.add(rule, .skipped(obstacle)) }
            } else {
                possible.append(check)
            }
        }
        let results = try await withThrowingTaskGroup(of: (Check, CheckResult).self) { group in
            for check in possible {
                group.addTask { (check, try await result(of: check, path)) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for (check, result) in results { add(result, of: check, to: &report) }
    }

    /// Makes one check. What ended a random sequence of calls is told with the seeds that show it again.
    private func result(of check: Check, _ path: String) async throws -> CheckResult {
        var result = try await CheckProcess(check, folder: path, settings: settings).run()
        guard let last = result.fatalSequence, let fatal = result.violations.popLast() else { return result }
        var again = settings
        again.reproduced = last...last
        let repeated = try await CheckProcess(check, folder: path, settings: again).run()
        let first = settings.reproduced?.lowerBound ?? settings.seed
        // What does not fail on its own needs what went before it.
        let seeds: String = repeated.fatal == nil && first < last ? "\(first)-\(last)" : "\(last)"
        let detail = "\(fatal.detail); reproduce with --reproduce \(seeds)"
        result.violations.append(Violation(rule: fatal.rule, detail: detail))
        return result
    }

    /// Why a check cannot be made; nil if it can. What was not looked at is taken for good.
    private func obstacle(to check: Check, in report: CheckReport) -> String? {
        for rule in check.needs {
            switch report.outcomes[rule] {
            case .failed: return "rule \(rule.number) is broken"
            case .skipped(let reason): return reason.hasPrefix("rule ") ? reason : "rule \(rule.number) was skipped"
            case .ok, nil: continue
            }
        }
        return nil
    }

    private func add(_ result: CheckResult, of check: Check, to report: inout CheckReport) {
        for violation in result.violations { report.add(violation) }
        for rule in check.rules {
            if let reason = result.skipped[rule] {
                report.add(rule, .skipped(reason))
            } else if let fatal = result.fatal {
                report.add(rule, .skipped("rule \(fatal.number) is broken"))
            } else {
                report.add(rule, .ok)
            }
        }
    }
}

extension CheckReport {
    /// A broken rule stays broken, whatever else is found.
    mutating func add(_ violation: Violation) {
        guard case .failed(let details) = outcomes[violation.rule] else {
            outcomes[violation.rule] = .failed([violation.detail])
            return
        }
        if !details.contains(violation.detail), details.count < 3 {
            outcomes[violation.rule] = .failed(details + [violation.detail])
        }
    }

    /// What a check decides counts only if nobody has found the rule broken.
    fileprivate mutating func add(_ rule: Rule, _ outcome: Outcome) {
        if case .failed = outcomes[rule] { return }
        outcomes[rule] = outcome
    }
}
