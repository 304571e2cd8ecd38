import Glibc
import HeronState
import Testing

/// Several processes on one tree.
@Suite(.timeLimit(.minutes(1)))
struct ProcessTests {
    @Test("The nodes of a process that dies are gone, and watchers are told")
    func death() async throws {
        let local = try await LocalState()
        let probe = try await ProbeProcess(local.root)
        #expect(try await probe.run("ephemeral", "tmanagers/T", "alive") == "ok ")
        #expect(try await probe.run("ephemeral", "schedulers/T", "alive") == "ok ")
        let (path, other) = (try StatePath(.tmanagers, "T"), try StatePath(.schedulers, "T"))
        var values = local.state.watch(path).makeAsyncIterator()
        var names = local.state.watchChildren(StatePath(.schedulers)).makeAsyncIterator()
        #expect(try await values.next()??.text == "alive")
        #expect(try await names.next() == ["T"])
        await expectError(.nodeExists) { try await local.state.create(path, [], .ephemeral) }
        probe.kill()
        #expect(try await values.next() == .some(nil))
        #expect(try await names.next() == [])
        #expect(try await local.state.get(other) == nil)
        #expect(try await local.state.children(StatePath(.schedulers)) == [])
        await expectError(.noNode) { try await local.state.set(other, [], version: nil) }
        try await local.state.create(path, bytes("next"), .ephemeral)
        #expect(try await local.state.get(path) == StateNode(data: bytes("next"), version: 0))
        await local.state.close()
        for directory in ["tmanagers", "schedulers", "heron-swift/.meta"] {
            #expect(Files.names("\(local.root)/\(directory)") == [], "what the dead process left is cleared away")
        }
    }

    @Test("A dead owner's node is replaced at once")
    func replaceDead() async throws {
        let local = try await LocalState()
        let probe = try await ProbeProcess(local.root)
        try await probe.run("ephemeral", "tmanagers/T", "dead")
        probe.kill()
        #expect(Files.text(local.root + "/tmanagers/T") == "dead")
        try await local.state.create(StatePath(.tmanagers, "T"), bytes("new"), .persistent)
        #expect(Files.text(local.root + "/tmanagers/T") == "new")
        await local.state.close()
        #expect(Files.text(local.root + "/tmanagers/T") == "new")
    }

    @Test("A lock is free when its holder is killed")
    func lock() async throws {
        let local = try await LocalState()
        let probe = try await ProbeProcess(local.root)
        #expect(try await probe.run("lock", "locks/T") == "ok ")
        let waiting = Task { try await local.state.acquireLock(topology: "T", timeout: .seconds(30)) }
        await expectError(.timeout) { _ = try await local.state.acquireLock(topology: "T", timeout: .zero) }
        probe.kill()
        try await waiting.value.release()
        await local.state.close()
    }

    @Test("Of several processes that create a node exactly one succeeds")
    func creators() async throws {
        let local = try await LocalState()
        let probes = try await [ProbeProcess(local.root), ProbeProcess(local.root), ProbeProcess(local.root)]
        for round in 0..<10 {
            for (index, probe) in probes.enumerated() {
                try probe.start("create-both", "topologies/T\(round)", "\(index)", "packingplans/T\(round)")
            }
            var winners: [Int] = []
            for (index, probe) in probes.enumerated() {
                let answer = try await probe.answer()
                if answer == "ok " { winners.append(index) } else { #expect(answer.hasPrefix("error nodeExists")) }
            }
            #expect(winners.count == 1)
            for directory in [StateDirectory.topologies, .packingplans] {
                let node = try await local.state.get(StatePath(directory, "T\(round)"))
                #expect(node?.text == winners.first.map(String.init))
            }
        }
        await local.state.close()
    }

    @Test("Conditional writes of several processes lose nothing")
    func counter() async throws {
        let local = try await LocalState()
        let path = try StatePath(own: "T", "counter")
        try await local.state.create(path, bytes("0"), .persistent)
        let probes = try await [ProbeProcess(local.root), ProbeProcess(local.root)]
        for probe in probes { try probe.start("increment", path.description, "25") }
        for probe in probes { #expect(try await probe.answer() == "ok ") }
        #expect(try await local.state.get(path) == StateNode(data: bytes("50"), version: 50))
        await local.state.close()
    }

    @Test("A watch sees what other processes do, in whatever way they write")
    func watch() async throws {
        let local = try await LocalState()
        let file = local.root + "/packingplans/T"
        var values = local.state.watch(try StatePath(.packingplans, "T")).makeAsyncIterator()
        #expect(try await values.next() == .some(nil))
        let probe = try await ProbeProcess(local.root)
        try await probe.run("create", "packingplans/T", "from another process")
        #expect(try await values.next()??.text == "from another process")
        try await probe.run("set", "packingplans/T", "again")
        #expect(try await values.next()??.text == "again")
        try Files.write(file, "in place")
        #expect(try await values.next()??.text == "in place")
        try Files.replace(file, "renamed")
        #expect(try await values.next()??.text == "renamed")
        unlink(file)
        #expect(try await values.next() == .some(nil))
        try Files.write(file, "anew")
        #expect(try await values.next()??.text == "anew")
        await local.state.close()
    }

    @Test(
        "Without inotify a watch sees changes all the same",
        .enabled(if: getuid() == 0, "needs root, to be a user whose inotify instances it may use up")
    )
    func withoutInotify() async throws {
        let local = try await LocalState()
        let watcher = try await ProbeProcess(local.root)
        try await watcher.run("become-nobody")
        #expect(try await watcher.run("exhaust-inotify") == "ok ")
        try watcher.start("await", "packingplans/T", "changed")
        try await local.state.create(StatePath(.packingplans, "T"), bytes("created"), .persistent)
        try await local.state.set(StatePath(.packingplans, "T"), bytes("changed"), version: nil)
        #expect(try await watcher.answer() == "ok ")
        await local.state.close()
    }

    @Test("A call that others lock out ends in time, says who, and has no effect later")
    func lockedOut() async throws {
        let local = try await LocalState()
        let path = try StatePath(.topologies, "T")
        try await local.state.create(path, bytes("0"), .persistent)
        let impatient = try await LocalState.open(local.root, timeout: .seconds(1))
        let probe = try await ProbeProcess(local.root)
        try await probe.run("hold-tree")
        async let write = expectError(.timeout, path: "topologies/T") {
            try await impatient.set(path, bytes("1"), version: nil)
        }
        async let read = expectError(.timeout, path: "topologies/T") { _ = try await impatient.get(path) }
        for error in await [write, read] {
            #expect(error?.message.contains("held by process \(probe.pid)") == true, "\(error?.description ?? "")")
        }
        probe.kill()
        #expect(try await local.state.get(path) == StateNode(data: bytes("0"), version: 0))
        await impatient.close()
        #expect(try await local.state.get(path) == StateNode(data: bytes("0"), version: 0))
        await local.state.close()
    }

    @Test("A call that waits for others can be cancelled, and then has no effect")
    func cancelled() async throws {
        let local = try await LocalState()
        let path = try StatePath(.topologies, "T")
        try await local.state.create(path, bytes("0"), .persistent)
        let probe = try await ProbeProcess(local.root)
        try await probe.run("hold-tree")
        let writing = Task { try await local.state.set(path, bytes("1"), version: nil) }
        writing.cancel()
        await #expect(throws: CancellationError.self) { _ = try await writing.value }
        probe.kill()
        #expect(try await local.state.get(path)?.text == "0")
        await local.state.close()
    }
}
