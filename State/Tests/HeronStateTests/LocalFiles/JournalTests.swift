import Glibc
import HeronState
import Testing

/// Writes that a crash has interrupted.
@Suite(.timeLimit(.minutes(1)))
struct JournalTests {
    /// A tree with `pplans/T` and a journal that replaces it, removes `tmanagers/T`, and creates `topologies/T`.
    private func interrupted() async throws -> LocalState {
        let local = try await LocalState()
        try await local.state.create(StatePath(.pplans, "T"), bytes("old"), .persistent)
        try await local.state.create(StatePath(.tmanagers, "T"), bytes("old"), .persistent)
        let staging = local.root + "/heron-swift/.staging"
        try Files.write(staging + "/0", "created")
        try Files.write(staging + "/1", "replaced")
        let journal = """
            heron-swift journal 1
            remove 2 \(try inode(local.root + "/tmanagers/T")) tmanagers/T
            mkdir private 0 heron-swift/T
            create 0 \(try inode(staging + "/0")) topologies/T
            replace 1 \(try inode(staging + "/1")) pplans/T
            end

            """
        try Files.write(staging + "/journal", journal)
        return local
    }

    private func inode(_ path: String) throws -> UInt64 {
        UInt64(try #require(Files.status(path)).st_ino)
    }

    private func expectComplete(_ state: any StateManager, _ root: String) async throws {
        #expect(try await state.get(StatePath(.topologies, "T"))?.text == "created")
        #expect(try await state.get(StatePath(.pplans, "T"))?.text == "replaced")
        #expect(try await state.get(StatePath(.tmanagers, "T")) == nil)
        #expect(try await state.get(StatePath(own: "T")) != nil)
        #expect(Files.names(root + "/heron-swift/.staging") == [])
    }

    @Test("A journal is completed by whoever opens the state next")
    func open() async throws {
        let local = try await interrupted()
        let other = try await LocalState.open(local.root, initializeTree: false)
        try await expectComplete(other, local.root)
        await other.close()
        await local.state.close()
    }

    @Test("A journal is completed by the next read")
    func read() async throws {
        let local = try await interrupted()
        try await expectComplete(local.state, local.root)
        await local.state.close()
    }

    @Test("A journal is completed by the next write", arguments: 0..<4)
    func write(_ done: Int) async throws {
        // As many of its steps as were done before the crash are not done twice.
        let local = try await interrupted()
        let staging = local.root + "/heron-swift/.staging"
        if done > 0 { rename(local.root + "/tmanagers/T", staging + "/2") }
        if done > 1 { mkdir(local.root + "/heron-swift/T", 0o700) }
        if done > 2 { rename(staging + "/0", local.root + "/topologies/T") }
        try await local.state.create(StatePath(.locks, "x"), [], .persistent)
        try await expectComplete(local.state, local.root)
        await local.state.close()
    }

    @Test("A file that was staged without a journal never takes effect")
    func noJournal() async throws {
        let local = try await interrupted()
        let staging = local.root + "/heron-swift/.staging"
        rename(staging + "/journal", staging + "/journal.new")
        let other = try await LocalState.open(local.root)
        #expect(try await other.get(StatePath(.topologies, "T")) == nil)
        #expect(try await other.get(StatePath(.pplans, "T"))?.text == "old")
        #expect(Files.names(staging) == [])
        await other.close()
        await local.state.close()
    }

    @Test(
        "A damaged journal is an error that names it",
        arguments: [
            "", "nonsense", "heron-swift journal 1\ncreate 0 5 topologies/T\n",
            "heron-swift journal 1\ncreate 0 5 ../etc/passwd\nend\n", "heron-swift journal 1\ncreate ../x 5 a/b\nend\n",
            "heron-swift journal 1\nformat 0 5 a/b\nend\n", "heron-swift journal 1\ncreate 0 5 /a\nend\n",
        ]
    )
    func damaged(_ text: String) async throws {
        let local = try await LocalState()
        try await local.state.create(StatePath(.pplans, "T"), [], .persistent)
        let journal = local.root + "/heron-swift/.staging/journal"
        try Files.write(journal, text)
        let error = await expectError(.corrupted) { _ = try await local.state.get(StatePath(.pplans, "T")) }
        #expect(error?.description.contains("\(journal) is not a journal; remove it") == true)
        await expectError(.corrupted) { try await local.state.create(StatePath(.pplans, "U"), [], .persistent) }
        unlink(journal)
        #expect(try await local.state.get(StatePath(.pplans, "T")) != nil)
        await local.state.close()
    }

    @Test("A writer that is killed at any moment leaves all of its last write or nothing", arguments: 0..<6)
    func killed(_ round: Int) async throws {
        let local = try await LocalState()
        let path = try StatePath(own: "T", "pair")
        let (a, b) = (try path.appending("a"), try path.appending("b"))
        try await local.state.multi([.create(a, bytes("start"), .persistent), .create(b, bytes("start"), .persistent)])
        let probe = try await ProbeProcess(local.root)
        try probe.start("churn", path.description)
        // Wherever in a write the process is by then.
        for try await node in local.state.watch(a) where (Int(node?.text ?? "") ?? -1) >= round * 3 { break }
        probe.kill()
        let (first, second) = (try await local.state.get(a), try await local.state.get(b))
        #expect(first != nil)
        #expect(first == second)
        #expect(Files.names(local.root + "/heron-swift/.staging").filter { $0 == "journal" } == [])
        await local.state.close()
    }
}
