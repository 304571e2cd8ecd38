import Glibc
import HeronState
import Testing

/// Trees that cannot be used: one clear error, and nothing half-written.
@Suite(.timeLimit(.minutes(1)))
struct BadTreeTests {
    @Test("A missing root is created, or an error where it shall not be")
    func missingRoot() async throws {
        let directory = try TemporaryDirectory()
        let root = directory.path + "/a/b"
        let error = await expectError(.io) { _ = try await LocalState.open(root, initializeTree: false) }
        #expect(error?.description.contains("\(root) does not exist; create it, or set heron.statemgr.localfs") == true)
        await (try LocalState.open(root + "///")).close()
        await (try LocalState.open(root, initializeTree: false)).close()
    }

    @Test("A root that is a file, or below one")
    func fileAsRoot() async throws {
        let directory = try TemporaryDirectory()
        let file = directory.path + "/file"
        try Files.write(file, "x")
        for root in [file, file + "/below"] {
            let error = await expectError(.io) { _ = try await LocalState.open(root) }
            #expect(error?.description.contains("\(file): Not a directory; move away what stands there") == true)
        }
    }

    @Test("A root that vanishes is reported, not made anew")
    func vanishedRoot() async throws {
        let local = try await LocalState()
        rename(local.root, local.root + ".moved")
        await expectError(.io) { _ = try await local.state.get(StatePath(.topologies, "T")) }
        await expectError(.io) { try await local.state.create(StatePath(.topologies, "T"), [], .persistent) }
        #expect(Files.status(local.root) == nil)
        rename(local.root + ".moved", local.root)
        await local.state.close()
    }

    @Test("A directory where a file should be")
    func directoryAsFile() async throws {
        let local = try await LocalState()
        let (path, file) = (try StatePath(.topologies, "T"), local.root + "/topologies/T")
        mkdir(file, 0o755)
        let error = await expectError(.io, path: "topologies/T") { _ = try await local.state.get(path) }
        #expect(error?.description.contains("\(file): Is a directory; move away what stands there") == true)
        await expectError(.io) { try await local.state.create(path, [], .persistent) }
        await expectError(.io) { try await local.state.delete(path, version: nil) }
        #expect(try await local.state.topologyNames() == ["T"], "it is listed, so that someone sees it")
        let below = try StatePath([StateDirectory.topologies.rawValue, "U", "x"])
        await expectError(.invalidPath, path: "topologies/U") { try await local.state.create(below, [], .persistent) }
        await local.state.close()
    }

    @Test("A file where a directory should be")
    func fileAsDirectory() async throws {
        let local = try await LocalState()
        rmdir(local.root + "/pplans")
        try Files.write(local.root + "/pplans", "x")
        let path = try StatePath(.pplans, "T")
        await expectError(.io) { try await local.state.create(path, [], .persistent) }
        await local.state.close()
        let error = await expectError(.io) { _ = try await LocalState.open(local.root) }
        #expect(error?.description.contains(local.root + "/pplans") == true)
    }

    @Test("Symbolic links are not followed, and left alone")
    func symbolicLinks() async throws {
        let local = try await LocalState()
        let outside = local.directory.path + "/outside"
        try Files.write(outside, "secret")
        symlink(outside, local.root + "/topologies/T")
        let path = try StatePath(.topologies, "T")
        let error = await expectError(.io, path: "topologies/T") { _ = try await local.state.get(path) }
        #expect(error?.description.contains("symbolic link") == true)
        await expectError(.io) { try await local.state.create(path, bytes("x"), .persistent) }
        await expectError(.io) { try await local.state.create(path, bytes("x"), .ephemeral) }
        await expectError(.io) { try await local.state.delete(path, version: nil) }
        #expect(Files.text(outside) == "secret")
        // The same for a directory of the tree.
        try await local.state.create(StatePath(own: "U", "a"), [], .persistent)
        rename(local.root + "/heron-swift/U", local.directory.path + "/moved")
        symlink(local.directory.path + "/moved", local.root + "/heron-swift/U")
        await expectError(.io) { _ = try await local.state.get(StatePath(own: "U", "a")) }
        await expectError(.io) { try await local.state.create(StatePath(own: "U", "b"), [], .persistent) }
        #expect(Files.names(local.directory.path + "/moved") == ["a"])
        await local.state.close()
    }

    @Test("A named pipe in the place of a node keeps no one waiting")
    func namedPipe() async throws {
        let local = try await LocalState()
        mkfifo(local.root + "/topologies/T", 0o644)
        let error = await expectError(.io) { _ = try await local.state.get(StatePath(.topologies, "T")) }
        #expect(error?.description.contains("/topologies/T is neither a file nor a directory") == true)
        await local.state.close()
    }

    @Test("A full disk: the write fails, the old data stays, and nothing half-written")
    func fullDisk() async throws {
        let local = try await LocalState()
        let probe = try await ProbeProcess(local.root)
        let large = String(repeating: "x", count: 10_000)
        try await probe.run("create", "pplans/T", "old")
        // A limit to the size of files stands for a disk that is full.
        try await probe.run("limit-file-size", "4096")
        let answers = [
            try await probe.run("create", "topologies/T", large), try await probe.run("set", "pplans/T", large),
            try await probe.run("create-both", "topologies/T", large, "packingplans/T"),
        ]
        for answer in answers {
            #expect(answer.hasPrefix("error io ") && answer.contains("File too large"), "\(answer)")
        }
        #expect(try await probe.run("get", "pplans/T") == "ok old")
        #expect(Files.names(local.root + "/topologies") == [])
        #expect(Files.names(local.root + "/packingplans") == [])
        #expect(Files.names(local.root + "/heron-swift/.staging") == [])
        #expect(try await probe.run("set", "pplans/T", "new") == "ok ")
        await local.state.close()
    }

    @Test("A directory that may not be written: all of a multi is taken back")
    func readOnly() async throws {
        let local = try await LocalState()
        try await local.state.create(StatePath(.topologies, "old"), bytes("old"), .persistent)
        let others = ["topologies", "heron-swift", "heron-swift/.staging", "heron-swift/.meta"]
        for name in others { chmod("\(local.root)/\(name)", 0o777) }
        chmod(local.root + "/packingplans", 0o555)
        let probe = try await ProbeProcess(local.root)
        // Root may write everywhere, so it has to become someone else.
        if getuid() == 0 { #expect(try await probe.run("become-nobody") == "ok ") }
        #expect(try await probe.run("create", "topologies/T", "x") == "ok ")
        let answers = [
            try await probe.run("create", "packingplans/T", "x"),
            try await probe.run("create-both", "topologies/U", "x", "packingplans/U"),
            try await probe.run("set-delete-create", "topologies/old", "x", "topologies/T", "packingplans/U"),
        ]
        for answer in answers {
            #expect(answer.hasPrefix("error notAuthorized "), "\(answer)")
            #expect(answer.contains("\(local.root)/packingplans/"), "\(answer)")
            #expect(answer.contains("Permission denied; run as a user who may"), "\(answer)")
        }
        #expect(try await probe.run("get", "topologies/U") == "ok nil")
        #expect(Files.names(local.root + "/topologies") == ["T", "old"])
        #expect(Files.names(local.root + "/heron-swift/.staging") == [])
        #expect(Files.text(local.root + "/topologies/T") == "x")
        #expect(try await local.state.get(StatePath(.topologies, "old")) == StateNode(data: bytes("old"), version: 0))
        chmod(local.root + "/packingplans", 0o755)
        await local.state.close()
    }

    @Test("A tree of another user: reading works, writing is an error that says so")
    func foreignOwner() async throws {
        guard getuid() == 0 else { return }
        let local = try await LocalState()
        try await local.state.create(StatePath(.topologies, "T"), bytes("x"), .persistent)
        try await local.state.create(StatePath(own: "T", "secret"), bytes("x"), .persistent)
        let probe = try await ProbeProcess(local.root)
        try await probe.run("become-nobody")
        #expect(try await probe.run("get", "topologies/T") == "ok x")
        for command in [["get", "heron-swift/T/secret"], ["create", "topologies/U"], ["delete", "topologies/T"]] {
            let answer = try await probe.run(command[0], command[1])
            #expect(answer.hasPrefix("error notAuthorized state node \(command[1]): "), "\(answer)")
        }
        #expect(Files.names(local.root + "/topologies") == ["T"])
        await local.state.close()
    }
}
