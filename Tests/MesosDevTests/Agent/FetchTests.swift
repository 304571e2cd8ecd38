import Files
import Glibc
import MesosProtocol
import Processes
import Testing

@testable import MesosDevAgent

/// How what a command needs comes into its sandbox.
@Suite(.timeLimit(.minutes(1))) struct FetchTests {
    // MARK: Files of the machine

    @Test(arguments: ["", "file://"])
    func filesAreCopied(_ scheme: String) async throws {
        try await AgentHarness.run { harness in
            try AgentHarness.write("content", to: "\(harness.folder)/data")
            #expect(chmod("\(harness.folder)/data", 0o700) == 0)
            try await harness.fetched("cat data; stat -c %a data", [uri("\(scheme)\(harness.folder)/data")])
            #expect(try harness.text("stdout").hasPrefix("content"))
            let mask = umask(0o022)
            umask(mask)
            #expect(try FileStatus(following: "\(harness.sandbox())/data").permissions == 0o666 & ~mask)
        }
    }

    @Test func executablesCanBeExecuted() async throws {
        try await AgentHarness.run { harness in
            try AgentHarness.write("#!/bin/sh\necho it runs\n", to: "\(harness.folder)/tool.tar")
            try await harness.fetched("./tool.tar", [uri("\(harness.folder)/tool.tar") { $0.executable = true }])
            #expect(try harness.text("stdout") == "it runs\n")
            #expect(try FileStatus(following: "\(harness.sandbox())/tool.tar").permissions == 0o755)
        }
    }

    @Test func outputFilesMakeTheirFolders() async throws {
        try await AgentHarness.run { harness in
            try AgentHarness.write("content", to: "\(harness.folder)/data")
            try await harness.fetched("cat a/b/c", [uri("\(harness.folder)/data") { $0.outputFile = "a/b/c" }])
            #expect(try harness.text("stdout") == "content")
        }
    }

    // MARK: Archives

    @Test(arguments: ["p.tar", "p.tar.gz", "p.tgz"])
    func archivesAreExtractedBesideThemselves(_ name: String) async throws {
        try await AgentHarness.run { harness in
            let archive = try await makeArchive(name, in: harness.folder)
            try await harness.fetched("cat inside/file", [uri(archive)])
            #expect(try harness.text("stdout") == "packed\n")
            #expect(try FileStatus.ifPresent("\(harness.sandbox())/\(name)") != nil)
        }
    }

    @Test func aCachedArchiveIsNotInTheSandbox() async throws {
        try await AgentHarness.run { harness in
            let archive = try await makeArchive("p.tar.gz", in: harness.folder)
            try await harness.fetched("cat inside/file", [uri(archive) { $0.cache = true }])
            #expect(try harness.text("stdout") == "packed\n")
            #expect(try FileStatus.ifPresent("\(harness.sandbox())/p.tar.gz") == nil)
        }
    }

    @Test func archivesInFoldersAreExtractedToTheTop() async throws {
        try await AgentHarness.run { harness in
            let archive = try await makeArchive("p.tar.gz", in: harness.folder)
            try await harness.fetched("cat inside/file", [uri(archive) { $0.outputFile = "packages/p.tar.gz" }])
            #expect(try harness.text("stdout") == "packed\n")
        }
    }

    @Test func anArchiveThatIsNotOneFails() async throws {
        try await AgentHarness.run { harness in
            try AgentHarness.write("no archive at all", to: "\(harness.folder)/p.tar.gz")
            try await harness.failsToFetch([uri("\(harness.folder)/p.tar.gz")], "p.tar.gz")
        }
    }

    @Test func anArchiveThatUnpacksToTooMuchFails() async throws {
        try await AgentHarness.run {
            $0.unpackLimits.bytes = 1024
        } _: { harness in
            let archive = try await makeArchive("p.tar.gz", in: harness.folder)
            try await harness.failsToFetch([uri(archive)], "p.tar.gz")
        }
    }

    // MARK: HTTP

    @Test func filesComeByHTTP() async throws {
        let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try await FileServer.run(["/d/data": .found(content)]) { server in
            try await AgentHarness.run { harness in
                try await harness.fetched("true", [uri(server.url("/d/data"))])
                let file = try File(reading: "\(harness.sandbox())/data")
                #expect(try file.bytes(at: 0, count: content.count + 1) == content)
            }
        }
    }

    @Test func redirectsAreFollowed() async throws {
        let answers: [String: FileServer.Answer] = [
            "/a/p": .redirect("../b"), "/b": .redirect("/c"), "/c": .found(Array("content".utf8)),
        ]
        try await FileServer.run(answers) { server in
            try await AgentHarness.run { harness in
                try await harness.fetched("cat p", [uri(server.url("/a/p"))])
                #expect(try harness.text("stdout") == "content")
            }
        }
    }

    /// Otherwise a server could have any file of the agent's copied.
    @Test func redirectsDoNotLeadToFiles() async throws {
        try await AgentHarness.run { harness in
            try AgentHarness.write("secret", to: "\(harness.folder)/secret")
            try await FileServer.run(["/p": .redirect("file://\(harness.folder)/secret")]) { server in
                try await harness.failsToFetch([uri(server.url("/p"))], "p")
            }
        }
    }

    @Test(arguments: [
        (FileServer.Answer.refused("404 Not Found"), "the server answers 404 Not Found"),
        (.refused("204 No Content"), "the server answers 204 No Content"), (.redirect("/p"), "more than 10 redirects"),
        (.broken, ""), (.found([UInt8](repeating: 1, count: 2000)), "it is longer than 1999 bytes"), (.silence, ""),
    ])
    func whatHTTPDoesNotDeliverFails(_ answer: FileServer.Answer, _ reason: String) async throws {
        try await FileServer.run(["/p": answer]) { server in
            try await AgentHarness.run {
                $0.fetchLimit = 1999
                if case .silence = answer { $0.fetchStallLimit = .milliseconds(50) }
            } _: { harness in
                try await harness.failsToFetch([uri(server.url("/p"))], "p")
                #expect(try harness.text("stderr").contains("Failed to fetch '\(server.url("/p"))': \(reason)"))
            }
        }
    }

    // MARK: Failures

    @Test func theFirstFailureEndsFetching() async throws {
        try await AgentHarness.run { harness in
            for name in ["first", "last"] { try AgentHarness.write(name, to: "\(harness.folder)/\(name)") }
            let uris = ["first", "missing", "last"].map { uri("\(harness.folder)/\($0)") }
            try await harness.failsToFetch(uris, "last")
            #expect(try harness.text("first") == "first")
            #expect(try harness.text("stderr").contains("Failed to fetch '\(harness.folder)/missing': "))
        }
    }

    @Test func aTaskThatIsKilledWhileItIsFetchedForDoesNotStart() async throws {
        try await FileServer.run(["/p": .silence]) { server in
            try await AgentHarness.run { harness in
                await harness.launch("touch started", for: AgentHarness.framework(.taskKillingState)) {
                    $0.command.uris = [uri(server.url("/p"))]
                }
                #expect(await server.firstRequest() == "/p")
                await harness.kill()
                let updates = try await harness.updates(to: .taskKilled)
                #expect(updates.map(\.state) == [.taskKilled])
                #expect(updates[0].reason == .taskKilledDuringLaunch)
                #expect(updates[0].source == .agent)
                #expect(try FileStatus.ifPresent("\(harness.sandbox())/started") == nil)
            }
        }
    }

    @Test func closingDoesNotWaitForAServer() async throws {
        try await FileServer.run(["/p": .silence]) { server in
            try await AgentHarness.run { harness in
                await harness.launch("touch started") { $0.command.uris = [uri(server.url("/p"))] }
                #expect(await server.firstRequest() == "/p")
                await harness.agent.close()
                let started = try FileStatus.ifPresent("\(harness.sandbox())/started")
                #expect(started == nil)
            }
        }
    }

    // MARK: Tools

    private func uri(
        _ value: String,
        _ change: (inout MesosCommandInfo.URI) -> Void = { _ in }
    ) -> MesosCommandInfo.URI {
        var uri = MesosCommandInfo.URI()
        uri.value = value
        change(&uri)
        return uri
    }

    /// Packs `inside/file`; returns the archive's path.
    private func makeArchive(_ name: String, in folder: String) async throws -> String {
        _ = try createFolders("\(folder)/inside")
        try AgentHarness.write("packed\n", to: "\(folder)/inside/file")
        let result = try await ChildProcess.runToCompletion(
            executable: "/bin/sh",
            arguments: ["-c", "tar -c\(name.hasSuffix(".tar") ? "" : "z")f \(name) inside"],
            environment: ["PATH": "/usr/bin:/bin"],
            workingDirectory: folder,
            timeLimit: .seconds(20),
            outputLimit: 4096
        )
        let complaint = String(decoding: result.error, as: UTF8.self)
        try #require(result.status.isSuccess, "\(complaint)")
        return "\(folder)/\(name)"
    }
}

extension AgentHarness {
    /// Runs a script to its good end with what was fetched.
    fileprivate func fetched(_ script: String, _ uris: [MesosCommandInfo.URI]) async throws {
        await launch(script) { $0.command.uris = uris }
        let first = try await update()
        let log = try text("stderr")
        try #require(first.state == .taskStarting, "\(first.message): \(log)")
        try await updates(to: .taskFinished)
    }

    /// Launches a task that must fail as recorded (07c urifail), without having started.
    ///
    /// - Parameter absent: the file that must not be in the sandbox, or is there as it came.
    fileprivate func failsToFetch(_ uris: [MesosCommandInfo.URI], _ absent: String) async throws {
        await launch("touch started") { $0.command.uris = uris }
        let status = try await update()
        let runs = String(sandbox().dropLast("/latest".count))
        let entries = try folderEntries(runs).filter { $0 != "latest" }
        let container = try #require(entries.first)
        #expect(status.state == .taskFailed)
        #expect(status.source == .agent && status.reason == .containerLaunchFailed && !status.hasContainerStatus)
        #expect(
            status.message == "Failed to launch container: Failed to fetch all URIs for container '\(container)': "
                + "exited with status 1"
        )
        #expect(try FileStatus.ifPresent("\(sandbox())/started") == nil)
        // An archive that cannot be extracted stays as it came.
        let file = try FileStatus.ifPresent("\(sandbox())/\(absent)")
        #expect(file == nil || absent.hasSuffix(".tar.gz"))
    }
}
