import FoundationEssentials
import Glibc
import Processes
import Testing

/// A user with a stand-in for Aurora's client on the PATH (`Scripts/aurora.py`), which runs jobs as Aurora would.
final class AuroraCluster: Sendable {
    /// What the stand-in has recorded: a call of the client, or the command line of an instance's executor.
    struct Call: Decodable {
        let what: String
        let words: [String]
        let instance: Int?
        let environment: [String]?
    }

    let user: User
    static let place = "aurora/\(Login.name)/devel"

    static func use(_ body: (AuroraCluster) async throws -> Void) async throws {
        let path: String = ChildProcess.currentEnvironment()["PATH"] ?? ""
        let variables = { (home: String) in ["AURORA_FOLDER": "\(home)/aurora", "PATH": "\(home)/bin:\(path)"] }
        try await User.use(variables: variables) { user in
            let cluster = AuroraCluster(user)
            try await user.shell(
                """
                mkdir aurora bin
                printf '#!/bin/sh\\nexec "%s" "%s" "$@"\\n' '\(Installation.folder)/../../.venv/bin/python' \
                    '\(Installation.folder)/Scripts/aurora.py' >bin/aurora
                chmod +x bin/aurora
                """
            )
            try await body(cluster)
        }
    }

    private init(_ user: User) {
        self.user = user
    }

    /// All calls so far.
    func calls() throws -> [Call] {
        try user.contents("\(user.home)/aurora/calls").split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Call.self, from: Data($0))
        }
    }

    /// The words of the calls of the client, without `job`.
    func commands() throws -> [[String]] {
        try calls().filter { $0.what == "call" }.map { Array($0.words.dropFirst()) }
    }

    /// Lets the next calls go wrong: `fail 2` or `hang`; an empty text ends that.
    func fault(_ text: String) async throws {
        try await user.shell(text.isEmpty ? "rm aurora/fault" : "printf '\(text)' >aurora/fault")
    }

    func submit(_ options: [String] = []) async throws -> User.Result {
        try await user.run(
            ["submit", AuroraCluster.place, CountingTopology.file, "-", "Counting", "1", "1", "1", "shuffle"] + options
        )
    }

    /// What the bolts have counted, in the newest sandboxes.
    func expectFlow(_ when: String) async throws {
        var seen: Set<Int> = [try await counted()]
        try await eventually("counts grow \(when)", within: .seconds(60)) {
            seen.insert(try await counted())
            return seen.count > 2
        }
    }

    private func counted() async throws -> Int {
        var sum = 0
        for file in try await user.files(below: "aurora", named: "*_counts_*.log.0") {
            let text = String(decoding: user.contents("\(user.home)/aurora/\(file)"), as: UTF8.self)
            let last: Substring? = text.split(separator: "\n").last { $0.contains("count ") }
            sum += last.flatMap { $0.split(separator: " ").last }.flatMap { Int($0) } ?? 0
        }
        return sum
    }
}
