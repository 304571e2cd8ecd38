import FoundationEssentials
import HeronState
import StateTesting
import Testing

@testable import ExecutorCore

@Suite(.timeLimit(.minutes(1))) struct StatusPublisherTests {
    private let recorder = LogRecorder()
    private let path: StatePath
    private let topology: StatePath

    init() throws {
        path = try .processStatuses(of: "Words").appending("1")
        topology = try StatePath(.topologies, "Words")
    }

    private func statuses(_ pid: Int32) -> [ProcessStatus] {
        [ProcessStatus(container: 1, name: "stmgr-1", state: .running, pid: pid, starts: 1, lastExit: nil)]
    }

    /// Publishes what is yielded while the body runs.
    private func publishing(
        _ state: any StateManager,
        _ body: (_ yield: ([ProcessStatus]) -> Void) async throws -> Void
    ) async throws {
        let (changes, sink) = AsyncStream.makeStream(of: [ProcessStatus].self)
        let publisher = StatusPublisher(topology: "Words", container: 1, state: state, log: recorder.logger())
        let running = Task { await publisher.run(changes) }
        let result = await Result { try await body { sink.yield($0) } }
        running.cancel()
        await running.value
        try result.get()
    }

    private func wait(for pid: Int32, in state: ScriptedState) async throws {
        for try await node in state.files.watch(path) {
            guard let node else { continue }
            if try JSONDecoder().decode([ProcessStatus].self, from: Data(node.data)).first?.pid == pid { return }
        }
    }

    @Test func theNodeOfAnExecutorThatDiedElsewhereIsWaitedOut() async throws {
        try await ScriptedState.run(predecessorTimeout: .seconds(600)) { state, open in
            let former = try await open()
            try await former.create(topology, [], .persistent)
            try await former.create(path, Array("[]".utf8), .ephemeral)
            try await publishing(state) { yield in
                yield(statuses(7))
                try await Task.sleep(for: .milliseconds(30))
                #expect(try await state.get(path)?.version == 0)
                await former.close()
                try await wait(for: 7, in: state)
                yield(statuses(8))
                try await wait(for: 8, in: state)
                // Somebody deleted it: it comes back with the next change.
                try await state.delete(path, version: nil)
                yield(statuses(9))
                try await wait(for: 9, in: state)
            }
        }
    }

    @Test func anOutageIsOneLine() async throws {
        try await ScriptedState.run { state, _ in
            try await state.create(topology, [], .persistent)
            state.isAway = true
            try await publishing(state) { yield in
                yield(statuses(7))
                #expect(await eventually { !recorder.lines.isEmpty })
                state.isAway = false
                try await wait(for: 7, in: state)
            }
            #expect(recorder.lines.count == 1)
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
