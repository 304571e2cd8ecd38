import FoundationEssentials
import Glibc
import Synchronization

/// What a check's process writes down: what it finds, and which function of the plugin it is about to call, so that
/// its parent knows both when the plugin ends the process. Safe on any thread.
final class Recorder: Sendable {
    private struct State {
        var rule: Rule
        var function = ""
        var sequence: UInt64?
        var counts: [Rule: Int] = [:]
        var seen: Set<CheckFinding> = []
    }

    /// More would not help anybody.
    private static let violationsPerRule = 3

    private let findings: CInt
    private let place: CInt
    private let state: Mutex<State>

    /// - Parameter rule: the rule that a crash breaks as long as nothing else is said.
    init(scratch: String, rule: Rule) throws {
        findings = open(CheckFinding.path(in: scratch), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        place = open(CallPlace.path(in: scratch), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard findings >= 0, place >= 0 else { throw CheckError("cannot write to \(scratch)", errno) }
        let first = State(rule: rule)
        state = Mutex(first)
        savePlace(first)
    }

    /// From here on a crash breaks this rule.
    func begin(_ rule: Rule) {
        state.withLock { state in
            state.rule = rule
            savePlace(state)
        }
    }

    /// From here on the calls are those of a random sequence.
    func beginSequence(_ seed: UInt64) {
        state.withLock { state in
            state.sequence = seed
            savePlace(state)
        }
    }

    /// Runs a body that calls a function of the plugin.
    func calling<Value>(_ function: String, _ body: () -> Value) -> Value {
        state.withLock { state in
            state.function = function
            savePlace(state)
        }
        defer {
            state.withLock { state in
                state.function = ""
                savePlace(state)
            }
        }
        return body()
    }

    /// A rule is broken. Names the function that is being called, if any.
    func note(_ rule: Rule, _ detail: String) {
        state.withLock { state in
            let place: String = state.function.isEmpty ? "" : "\(state.function): "
            let sequence: String = state.sequence.map { "; reproduce with --reproduce \($0)" } ?? ""
            let finding = CheckFinding.violation(Violation(rule: rule, detail: oneLine(place + detail + sequence)))
            guard state.counts[rule, default: 0] < Recorder.violationsPerRule, state.seen.insert(finding).inserted
            else { return }
            state.counts[rule, default: 0] += 1
            write(finding)
        }
    }

    func skip(_ rule: Rule, _ reason: String) {
        write(.skipped(rule, oneLine(reason)))
    }

    func finish() {
        write(.finished)
    }

    private func write(_ finding: CheckFinding) {
        guard let json = try? JSONEncoder().encode(finding) else { return }
        let line = Array(json) + [UInt8(ascii: "\n")]
        _ = line.withUnsafeBytes { Glibc.write(findings, $0.baseAddress, $0.count) }
    }

    private func savePlace(_ state: State) {
        let bytes = CallPlace(rule: state.rule, sequence: state.sequence, function: state.function).bytes
        _ = bytes.withUnsafeBytes { pwrite(place, $0.baseAddress, $0.count, 0) }
    }
}

/// Where a check's process is: what a crash of it breaks, and in which function.
struct CallPlace: Sendable, Hashable {
    let rule: Rule
    /// The seed of the random sequence that the call is part of.
    let sequence: UInt64?
    /// Empty between two calls.
    let function: String

    private static let size = 256

    static func path(in scratch: String) -> String { "\(scratch)/place" }

    /// As many as for every other place, so that one write replaces all.
    fileprivate var bytes: [UInt8] {
        let seed = sequence.map { "\($0)" } ?? "-"
        let text = Array("\(rule.number) \(seed) \(function)".utf8.prefix(CallPlace.size))
        return text + [UInt8](repeating: 0, count: CallPlace.size - text.count)
    }

    static func read(from scratch: String) -> CallPlace? {
        let file = open(path(in: scratch), O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = max(0, Glibc.read(file, buffer.baseAddress, size))
        }
        let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let number = Int(parts[0]), let rule = Rule(rawValue: number) else { return nil }
        return CallPlace(rule: rule, sequence: UInt64(parts[1]), function: parts[2])
    }
}

/// Why checking itself cannot go on; one line.
public struct CheckError: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    init(_ description: String, _ code: CInt) {
        self.description = "\(description): \(String(cString: strerror(code)))"
    }
}

/// A text without line breaks, not longer than anybody would read.
func oneLine(_ text: String) -> String {
    let line = String(text.map { $0.isNewline ? " " : $0 })
    return line.count <= 500 ? line : line.prefix(500) + "…"
}
