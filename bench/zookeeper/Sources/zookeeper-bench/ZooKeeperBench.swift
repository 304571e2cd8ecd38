import Glibc
import HeronState
import ZooKeeperClient

/// Times the ZooKeeper client, or the state manager on it, as `run.py` tells.
///
///     zookeeper-bench client|state HOST:PORT ROOT
///
/// Reads commands from standard input, one per line, and answers each with a line of JSON.
@main
struct ZooKeeperBench {
    static func main() async {
        do {
            let arguments = CommandLine.arguments
            guard arguments.count == 4, let target = Target(rawValue: arguments[1]) else {
                throw BenchError("usage: zookeeper-bench client|state HOST:PORT ROOT")
            }
            try await run(target, connection: arguments[2], root: arguments[3])
        } catch {
            let line = Array("zookeeper-bench: \(error)\n".utf8)
            _ = write(STDERR_FILENO, line, line.count)
            exit(1)
        }
    }

    private enum Target: String {
        case client, state
    }

    private static func run(_ target: Target, connection: String, root: String) async throws {
        switch target {
        case .client:
            let options = ZooKeeperOptions(connection: try ZooKeeperConnection(parsing: connection))
            let client = try await ZooKeeperClient.open(options) { _, _ in }
            try await answerCommands { command in
                try await CallBench(ClientCalls(client, root: root)).answer(command)
            }
            await client.close()
        case .state:
            var settings = StateSettings(connection: connection, rootPath: root)
            settings.timeout = .seconds(60)
            let state = try await openStateManager(settings) { _, _ in }
            let calls = try StateCalls(state)
            let topologies = TopologyBench(state)
            let watches = WatchBench(state)
            try await answerCommands { command in
                if let answer = try await topologies.answer(command) { return answer }
                if let answer = try await watches.answer(command) { return answer }
                return try await CallBench(calls).answer(command)
            }
            await state.close()
        }
    }

    /// Not on the main thread, whose turns are dearer than those of other threads.
    private nonisolated static func answerCommands(
        _ answer: @escaping @Sendable (Command) async throws -> String
    ) async throws {
        try await Task.detached {
            while let line = readLine() {
                print(try await answer(Command(line)))
                fflush(nil)
            }
        }.value
    }
}

/// A line from standard input.
struct Command: Sendable {
    let name: String
    let arguments: [String]

    init(_ line: String) throws {
        var words = line.split(separator: " ").map(String.init)[...]
        guard let name = words.popFirst() else { throw BenchError("an empty command") }
        (self.name, arguments) = (name, Array(words))
    }

    /// An argument that is a number of at least 1.
    func number(_ index: Int) throws -> Int {
        guard index < arguments.count, let number = Int(arguments[index]), number > 0 else {
            throw BenchError("\(name): argument \(index + 1) is not a number")
        }
        return number
    }
}

struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Milliseconds that the body takes.
func milliseconds(_ body: () async throws -> Void) async rethrows -> Double {
    let time = try await ContinuousClock().measure(body)
    return time / .milliseconds(1)
}
