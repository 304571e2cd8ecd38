import Files
import Glibc
import PluginKit
import PluginSupport
import Processes
import Testing

@testable import LocalScheduling

@Suite struct RunRecordsTests {
    private let process = ProcessIdentity(processID: 12, startTime: 345, bootID: "a-b-c")

    @Test func recordsSurviveBeingWritten() throws {
        let records = RunRecords([
            RunRecord(container: 0, attempt: 3, process: process, ports: [1, 2, 3]),
            RunRecord(container: 1, attempt: 1, process: process, ports: [4, 5, 65535]),
        ])
        #expect(records.text == "heron-local 1\n0 3 1,2,3 12 345 a-b-c\n1 1 4,5,65535 12 345 a-b-c\n")
        #expect(RunRecords(text: records.text) == records)
        #expect(RunRecords(text: RunRecords([]).text) == RunRecords([]))
        let scratch = try Scratch()
        #expect(try RunRecords.load(directory: scratch.path) == nil)
        try records.save(directory: scratch.path)
        try records.save(directory: scratch.path)
        #expect(try RunRecords.load(directory: scratch.path) == records)
        #expect(try folderEntries(scratch.path) == [RunRecords.fileName])
    }

    @Test(arguments: [
        "", "heron-local 2\n", "heron-local 1\n0 3 1,2 12\n", "heron-local 1\nx 3 1 12 345 a\n",
        "heron-local 1\n-1 3 1 12 345 a\n", "heron-local 1\n0 3 70000 12 345 a\n",
    ])
    func anythingElseIsNoRecord(_ text: String) {
        #expect(RunRecords(text: text) == nil)
    }
}

@Suite struct StatusJSONTests {
    @Test func textIsEscaped() {
        let report = ContainerReport(
            container: 1,
            state: .backingOff,
            attempt: 2,
            processID: 0,
            host: "h",
            ports: [1, 2],
            reason: "a \"b\"\\\n"
        )
        #expect(
            StatusJSON.text([report])
                == #"{"containers":[{"id":1,"state":"backingOff","attempt":2,"pid":0,"host":"h","ports":[1,2],"reason":"a \"b\"\\\u000a"}]}"#
        )
        #expect(StatusJSON.text([]) == #"{"containers":[]}"#)
    }
}

@Suite struct PortReservationTests {
    private func canBind(_ port: UInt16, reusing: Bool) -> Bool {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(number) }
        var one: Int32 = 1
        if reusing { setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &one, 4) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 && listen(number, 1) == 0
            }
        }
    }

    @Test func portsAreKeptFromOthersButNotFromDaemons() throws {
        let keeper = try PortKeeper()
        let reservation = try keeper.reserve()
        #expect(Set(reservation.ports).count == 9)
        for port in reservation.ports {
            #expect(!canBind(port, reusing: false))
            #expect(canBind(port, reusing: true))
        }
        #expect(keeper.retake(reservation.ports).ports == reservation.ports)
        withExtendedLifetime(reservation) {}
        keeper.leave()
    }

    @Test func twoReservationsNeverMeet() throws {
        let keeper = try PortKeeper()
        let reservations = try (0..<20).map { _ in try keeper.reserve() }
        #expect(Set(reservations.flatMap(\.ports)).count == 180)
        keeper.leave()
    }
}

@Suite struct WorkingDirectoryTests {
    @Test func aDirectoryIsCreatedWithItsParentsAndDiscarded() throws {
        let scratch = try Scratch()
        let path = "\(scratch.path)/a/b/c"
        let directory = try prepare(path)
        #expect(try folderEntries(path) == [WorkingDirectory.markerName])
        try scratch.write("a/b/c/file", "")
        directory.discard()
        #expect(try folderEntries(scratch.path) == [])
    }

    @Test func anEarlierRunIsEmptied() throws {
        let scratch = try Scratch()
        let path = "\(scratch.path)/run"
        _ = try prepare(path)
        _ = try scratch.folder("run/log-files")
        try scratch.write("run/log-files/a", "")
        try scratch.write("kept", "")
        symlink(scratch.path, "\(path)/link")
        _ = try prepare(path)
        #expect(try folderEntries(path) == [WorkingDirectory.markerName])
        #expect(try folderEntries(scratch.path) == ["kept", "run"])
    }

    @Test func whatIsNotOursIsNotEmptied() throws {
        let scratch = try Scratch()
        let path = try scratch.folder("documents")
        try scratch.write("documents/thesis", "")
        symlink(path, "\(scratch.path)/link")
        try scratch.write("file", "")
        let cases = [
            ("documents", "not one that heron prepared"), ("link", "symbolic link"), ("file", "not a directory"),
        ]
        for (name, reason) in cases {
            let error = #expect(throws: PluginFailure.self) { try prepare("\(scratch.path)/\(name)") }
            #expect(error?.message.contains(reason) == true)
        }
        #expect(try folderEntries(path) == ["thesis"])
        #expect(throws: PluginFailure.self) { try occupy(path) }
        #expect(throws: PluginFailure.self) { try occupy(try scratch.folder("empty")) }
        #expect(try occupy("\(scratch.path)/nothing")?.path == nil)
    }

    @Test func aDirectoryIsRemovedAsAWhole() throws {
        let scratch = try Scratch()
        let path = "\(scratch.path)/run"
        try prepare(path).release()
        try scratch.write("run/file", "")
        try occupy(path)?.remove()
        #expect(try folderEntries(scratch.path) == [])
    }

    @Test(arguments: ["", "relative", "/", "/tmp/../etc", "~/x"]) func pathsMustBeAbsolute(_ path: String) {
        let error = #expect(throws: PluginFailure.self) { try prepare(path) }
        #expect(error?.code == .invalidArgument)
    }

    @Test func twoSchedulersDoNotShareADirectory() throws {
        let scratch = try Scratch()
        let path = "\(scratch.path)/run"
        let first = try prepare(path)
        try scratch.write("run/file", "")
        let prepared = #expect(throws: PluginFailure.self) { try prepare(path) }
        let occupied = #expect(throws: PluginFailure.self) { try occupy(path) }
        for error in [prepared, occupied] {
            #expect(error?.message.contains("is in use by another scheduler") == true)
        }
        #expect(try folderEntries(path).contains("file"))
        _ = first
    }

    @Test func processesOfAnEarlierRunAreNamed() async throws {
        let scratch = try Scratch()
        let path = "\(scratch.path)/run"
        _ = try prepare(path)
        var environment = ChildProcess.currentEnvironment()
        environment[ContainerProcesses.variable] = ContainerProcesses.marker(4, path)
        let child = try ChildProcess.spawn(
            executable: "sleep",
            arguments: ["1000"],
            environment: environment,
            newSession: true
        )
        let error = #expect(throws: PluginFailure.self) { try prepare(path) }
        #expect(error?.message.contains("container 4") == true)
        #expect(error?.message.contains("\(child.processID)") == true)
        #expect(
            await ContainerProcesses(census: ProcessCensus(directory: path), container: 4, executor: nil).end(
                grace: .zero
            ) == []
        )
        #expect(await child.wait() == .signaled(SIGKILL))
        _ = try prepare(path)
    }
}

private func prepare(_ path: String) throws -> WorkingDirectory {
    try .prepare(path, key: LocalSettings.workingDirectoryKey, checkUnused: ProcessCensus.checkNone(in:))
}

private func occupy(_ path: String) throws -> WorkingDirectory? {
    try .occupy(path, key: LocalSettings.workingDirectoryKey)
}
