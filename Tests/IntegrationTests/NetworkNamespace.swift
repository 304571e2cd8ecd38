import Glibc
import Processes
import Testing

/// Another machine, as far as the network goes: a network namespace with a cable to this one.
struct NetworkNamespace {
    /// This machine's address at the cable.
    let address: String
    private let name: String

    /// Why there is none here; nil if there can be.
    static let obstacle: String? =
        geteuid() == 0 && system("unshare --net ip link >/dev/null 2>&1") == 0
        ? nil : "needs to be root and 'ip' and 'unshare', to make a network namespace"

    /// Gives a namespace to a test, and removes it behind.
    static func use(_ body: (NetworkNamespace) async throws -> Void) async throws {
        // Of the block for benchmarks (RFC 2544), which nobody uses; the process id keeps test runs apart.
        let number = Int(getpid()) & 0x3fff
        let network = "198.18.\(number >> 6).\((number & 0x3f) << 2)".split(separator: ".").map(String.init)
        let prefix = network.dropLast().joined(separator: ".")
        let last = try #require(Int(network[3]))
        let namespace = NetworkNamespace(address: "\(prefix).\(last + 1)", name: "heron-\(getpid())")
        let (near, far) = ("hn\(getpid())", "hf\(getpid())")
        let steps = [
            "ip netns add \(namespace.name)",
            "ip link add \(near) type veth peer name \(far) netns \(namespace.name)",
            "ip addr add \(namespace.address)/30 dev \(near)", "ip link set \(near) up",
            "ip -n \(namespace.name) addr add \(prefix).\(last + 2)/30 dev \(far)",
            "ip -n \(namespace.name) link set \(far) up", "ip -n \(namespace.name) link set lo up",
        ]
        do {
            for step in steps { try await namespace.expectSuccess(step) }
            try await body(namespace)
        } catch {
            await namespace.remove()
            throw error
        }
        await namespace.remove()
    }

    /// A request from the namespace; the status, or 0 if there was no answer.
    func request(_ method: String, _ url: String, secret: String? = nil, bodyFile: String? = nil) async throws -> Int {
        var options = ["--request", method]
        if let secret { options += ["--header", "Authorization: Bearer \(secret)"] }
        if let bodyFile { options += ["--data-binary", "@\(bodyFile)"] }
        return try await curl(["ip", "netns", "exec", name], options + [url])
    }

    /// The status of a GET from this machine.
    func getFromHere(_ url: String) async throws -> Int {
        try await curl([], [url])
    }

    private func curl(_ prefix: [String], _ options: [String]) async throws -> Int {
        let common = ["curl", "--silent", "--output", "/dev/null", "--max-time", "30", "--write-out", "%{http_code}"]
        let finished = try await run(prefix + common + options)
        return Int(String(decoding: finished.output, as: UTF8.self)) ?? 0
    }

    private func remove() async {
        // The cable goes with it.
        _ = try? await run(["ip", "netns", "delete", name])
    }

    private func expectSuccess(_ command: String) async throws {
        let finished = try await run(command.split(separator: " ").map(String.init))
        try #require(finished.status.isSuccess, "\(command): \(String(decoding: finished.error, as: UTF8.self))")
    }

    private func run(_ command: [String]) async throws -> CompletedProcess {
        try await ChildProcess.runToCompletion(
            executable: command[0],
            arguments: Array(command.dropFirst()),
            environment: ChildProcess.currentEnvironment(),
            timeLimit: .seconds(60)
        )
    }
}
