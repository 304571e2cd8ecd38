import Glibc
import HeronState

/// Another process for the tests: performs one command per line of its input, fields separated by tabs, and answers
/// each with a line: `ok …` or `error CODE …`.
@main
struct Probe {
    private let state: any StateManager
    private let root: String
    private var lock: StateLock?

    static func main() async throws {
        signal(SIGXFSZ, SIG_IGN)
        let root = CommandLine.arguments[1]
        var probe = Probe(state: try await open(CommandLine.arguments[2], root), root: root)
        reply("ok ready")
        while let line = readLine() {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            do {
                reply("ok " + (try await probe.run(fields)))
            } catch let error as StateError {
                reply("error \(error.code) \(error)")
            } catch {
                reply("error \(error)")
            }
        }
    }

    private init(state: any StateManager, root: String) {
        self.state = state
        self.root = root
    }

    private static func open(_ connection: String, _ root: String) async throws -> any StateManager {
        var settings = StateSettings(connection: connection, rootPath: root)
        // The machine may be busy with other tests.
        settings.timeout = .seconds(30)
        return try await openStateManager(settings) { _, _ in }
    }

    private static func path(_ text: String) throws -> StatePath {
        try StatePath(text.split(separator: "/").map(String.init))
    }

    private static func reply(_ line: String) {
        print(line)
        fflush(nil)
    }

    private mutating func run(_ fields: [String]) async throws -> String {
        let path = try Self.path(fields.count > 1 ? fields[1] : "none")
        let data = Array((fields.count > 2 ? fields[2] : "").utf8)
        switch fields[0] {
        case "create":
            try await state.create(path, data, .persistent)
        case "ephemeral":
            try await state.create(path, data, .ephemeral)
        case "set":
            try await state.set(path, data, version: nil)
        case "delete":
            try await state.delete(path, version: nil)
        case "get":
            return try await state.get(path).map { String(decoding: $0.data, as: UTF8.self) } ?? "nil"
        case "create-both":
            let other = try Self.path(fields[3])
            try await state.multi([.create(path, data, .persistent), .create(other, data, .persistent)])
        case "set-delete-create":
            try await state.multi([
                .set(path, data, version: nil),
                .delete(Self.path(fields[3]), version: nil),
                .create(Self.path(fields[4]), data, .persistent),
            ])
        case "await":
            for try await node in state.watch(path) where node?.data == data { break }
        case "lock":
            lock = try await state.acquireLock(topology: path.name, timeout: .seconds(10))
        case "unlock":
            try await lock?.release()
        case "increment":
            try await increment(path, times: Int(fields[2]) ?? 1)
        case "churn":
            try await churn(path)
        default:
            try change(fields)
        }
        return ""
    }

    /// What makes the process another one than it was.
    private func change(_ fields: [String]) throws {
        switch fields[0] {
        case "become-nobody":
            guard setgid(65534) == 0, setuid(65534) == 0 else { throw StateError(.io, path: "", "setuid failed") }
        case "limit-file-size":
            var limit = rlimit(rlim_cur: rlim_t(fields[1]) ?? 0, rlim_max: rlim_t.max)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        case "exhaust-inotify":
            while inotify_init1(0) >= 0 {}
        case "hold-tree":
            // The descriptor stays open until the process ends.
            flock(Glibc.open("\(root)/heron-swift/.lock", O_RDONLY), LOCK_EX)
        default:
            throw StateError(.invalidPath, path: "", "no such command: \(fields[0])")
        }
    }

    private func increment(_ path: StatePath, times: Int) async throws {
        var done = 0
        while done < times {
            guard let node = try await state.get(path) else { throw StateError(.noNode, path: "\(path)", "none") }
            let next = (Int(String(decoding: node.data, as: UTF8.self)) ?? 0) + 1
            do {
                try await state.set(path, Array("\(next)".utf8), version: node.version)
                done += 1
            } catch let error as StateError where error.code == .badVersion {
                continue
            }
        }
    }

    /// Writes the same number to the node's children `a` and `b`, again and again, until the process is killed.
    private func churn(_ path: StatePath) async throws {
        let (a, b) = (try path.appending("a"), try path.appending("b"))
        for number in 0... {
            let data = Array("\(number)".utf8)
            try await state.multi([.set(a, data, version: nil), .set(b, data, version: nil)])
        }
    }
}
