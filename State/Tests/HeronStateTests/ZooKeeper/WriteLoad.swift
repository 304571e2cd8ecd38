import HeronState
import Synchronization
import Testing

/// Calls of every kind, one after another, with account of what must have become of each; for tests that harm the
/// server or the connection meanwhile.
///
/// All writes that may have taken place though they failed are those that the library says so of: `timeout`.
final class WriteLoad: Sendable {
    /// What a node may hold after the calls so far.
    struct Possible {
        /// Nil for no node.
        var contents: Set<String?>
    }

    private let state: any StateManager
    private let folder: StatePath
    private let record = Mutex((possible: [StatePath: Possible](), calls: 0, unknown: 0, unreachable: 0))

    init(_ state: any StateManager, _ folder: StatePath) {
        self.state = state
        self.folder = folder
    }

    /// How many calls were answered, ended without an answer, and were not made for lack of a server.
    var calls: Int { record.withLock(\.calls) }
    var unknown: Int { record.withLock(\.unknown) }
    var unreachable: Int { record.withLock(\.unreachable) }

    /// Calls on until the task is cancelled. Several at once, each with nodes of its own.
    func run(writers: Int = 4) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<writers {
                group.addTask { try await self.write("\(writer)") }
            }
            try await group.waitForAll()
        }
    }

    private func write(_ writer: String) async throws {
        let (a, b) = (try folder.appending("a\(writer)"), try folder.appending("b\(writer)"))
        let ephemeral = try folder.appending("e\(writer)")
        for round in 0... {
            if Task.isCancelled { return }
            let text = "\(writer)-\(round)"
            await change([a: text]) { try await self.state.create(a, bytes(text), .persistent) }
            await change([ephemeral: text]) { try await self.state.create(ephemeral, bytes(text), .ephemeral) }
            await look(a)
            await change([a: text + "s"]) { try await self.state.set(a, bytes(text + "s"), version: nil) }
            await look(a)
            await change([b: text, a: text + "m"]) {
                try await self.state.multi([
                    .create(b, bytes(text), .persistent), .set(a, bytes(text + "m"), version: nil),
                ])
            }
            await list([a, b])
            await change([ephemeral: nil]) { try await self.state.delete(ephemeral, version: nil) }
            await change([a: nil, b: nil]) {
                try await self.state.multi([.delete(a, version: nil), .delete(b, version: nil)])
            }
            await change([a: nil]) { try await self.state.delete(a, version: nil) }
            await change([b: nil]) { try await self.state.delete(b, version: nil) }
        }
    }

    /// Makes a change; it takes effect as a whole or not at all.
    private func change(_ outcome: [StatePath: String?], _ body: @escaping @Sendable () async throws -> Void) async {
        do {
            try await Task { try await body() }.value
            record.withLock { record in
                record.calls += 1
                for (path, text) in outcome { record.possible[path] = Possible(contents: [text]) }
            }
        } catch let error as StateError where error.code == .timeout {
            record.withLock { record in
                record.unknown += 1
                for (path, text) in outcome {
                    record.possible[path, default: Possible(contents: [nil])].contents.insert(text)
                }
            }
        } catch let error as StateError where error.code == .connectionLost {
            record.withLock { $0.unreachable += 1 }
        } catch let error as StateError where [.nodeExists, .noNode].contains(error.code) {
            // Only where an earlier call's outcome is unknown; it tells which it was.
            let explained = record.withLock { record in
                record.calls += 1
                let open = outcome.keys.filter { (record.possible[$0]?.contents.count ?? 1) > 1 }
                return !open.isEmpty || record.unreachable > 0
            }
            #expect(explained, "\(error)")
        } catch {
            Issue.record(error)
        }
    }

    private func look(_ path: StatePath) async {
        guard let node = try? await state.get(path) else { return }
        check(path, node.text)
    }

    private func list(_ paths: [StatePath]) async {
        guard let names = try? await state.children(folder) else { return }
        for path in paths {
            let contents = record.withLock { $0.possible[path]?.contents ?? [nil] }
            let isThere = names.contains(path.name)
            #expect(isThere ? contents != [nil] : contents.contains(nil), "\(path) in the list: \(isThere)")
        }
    }

    private func check(_ path: StatePath, _ text: String?) {
        let contents = record.withLock { $0.possible[path]?.contents ?? [nil] }
        #expect(contents.contains(text), "\(path) holds \(text ?? "nothing"), not one of \(contents)")
    }

    /// Compares what an independent client finds with what must be there: no lost and no invented node.
    func verify(_ tree: [String: Kazoo.Node], root: String) {
        let possible = record.withLock(\.possible)
        let below = "\(root)/\(folder)/"
        for (path, possible) in possible {
            let found = tree["\(root)/\(path)"]?.text
            #expect(
                possible.contents.contains(found),
                "\(path) holds \(found ?? "nothing"), not one of \(possible.contents)"
            )
        }
        let known = Set(possible.keys.map { "\(root)/\($0)" })
        for path in tree.keys where path.hasPrefix(below) { #expect(known.contains(path), "\(path) was not written") }
    }
}
