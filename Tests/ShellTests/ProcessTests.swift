import Glibc
import HTTPTesting
import Processes
import Testing

@testable import ShellCore

@Suite("Shell: processes")
struct ProcessTests {
    private let secret = "secret=\(Container.secret)"

    @Test("the pid of an instance")
    func pid() async throws {
        try await Container.run { container async throws in
            container.write("4711", to: "container_1_word_3.pid")
            container.write("hidden", to: "../outside/x.pid")
            let found = try await container.get("/pid/container_1_word_3")
            #expect(
                found.text == "{\"command\": \"cat container_1_word_3.pid\", \"stdout\": \"4711\", \"stderr\": \"\"}\n"
            )
            let missing = try await container.get("/pid/none")
            #expect(missing.text.contains("\"stdout\": \"\", \"stderr\": \"cat: none.pid: No such file or directory\""))
            #expect(try await container.get("/pid/..%2Foutside%2Fx").text.contains("\"stdout\": \"\""))
        }
    }

    @Test(
        "without the right secret nothing is stopped",
        arguments: [
            "", "secret=", "secret=wrong", "secret=the-topology-i", "secret=the-topology-idd",
            "instance_id_to_restart=p",
        ]
    )
    func wrongSecret(body: String) async throws {
        let child = try sleeper()
        try await Container.run(executor: getpid()) { container async throws in
            container.write("\(child.processID)", to: "p.pid")
            for path in ["/killexecutor", "/quitquitquit", "/abortabortabort"] {
                #expect(try await container.post(path, body).status == 403)
            }
            #expect(try await container.post("/killexecutor", body + "%zz").status == 400)
        }
        #expect(child.exitStatus == nil)
        _ = await child.terminate(grace: .seconds(1))
    }

    @Test("a shell without a secret stops nothing")
    func noSecret() async throws {
        try await Container.run(secret: "") { container async throws in
            #expect(try await container.post("/killexecutor", "secret=").status == 403)
        }
    }

    @Test("one process of the container is asked to stop")
    func stopOne() async throws {
        let child = try sleeper()
        try await Container.run(executor: getpid()) { container async throws in
            container.write("\(child.processID)", to: "container_1_word_3.pid")
            let body = secret + "&instance_id_to_restart=container_1_word_3"
            #expect(try await container.post("/killexecutor", body).status == 200)
        }
        #expect(await child.wait() == .signaled(SIGTERM))
    }

    @Test(
        "the executor's whole group is asked to stop, with or without its name",
        arguments: [
            "", "&instance_id_to_restart=heron-executor-1",
        ]
    )
    func stopContainer(name: String) async throws {
        let executor = try sleeper()
        try await Container.run(executor: executor.processID) { container async throws in
            container.write("\(executor.processID)", to: "heron-executor-1.pid")
            #expect(try await container.post("/killexecutor", secret + name).status == 200)
        }
        #expect(await executor.wait() == .signaled(SIGTERM))
    }

    @Test("a process that is not there, not ours, or was not started by the executor is left alone")
    func foreign() async throws {
        let executor = try sleeper()
        let foreign = try sleeper()
        try await Container.run(executor: executor.processID) { container async throws in
            container.write("\(foreign.processID)", to: "foreign.pid")
            container.write("1", to: "init.pid")
            container.write("-1", to: "all.pid")
            container.write("junk", to: "junk.pid")
            for name in ["foreign", "init", "all", "junk", "none", "..%2Ffoo", ""] where !name.isEmpty {
                let reply = try await container.post("/killexecutor", "\(secret)&instance_id_to_restart=\(name)")
                #expect(reply.status == 422, "\(name)")
            }
            // Without an executor's pid file the parent may be anything, such as a login shell.
            #expect(try await container.post("/killexecutor", secret).status == 422)
        }
        #expect(foreign.exitStatus == nil)
        #expect(executor.exitStatus == nil)
        _ = await foreign.terminate(grace: .seconds(1))
        _ = await executor.terminate(grace: .seconds(1))
    }

    @Test("tools run on the container's processes only")
    func tools() async throws {
        let child = try sleeper()
        try await Container.run(executor: getpid(), environment: ["PATH": "/nowhere"]) { container async throws in
            container.write("\(child.processID)", to: "p.pid")
            let missing = try await container.get("/jstack/\(child.processID)")
            #expect(missing.text.contains("\"command\": \"jstack \(child.processID)\""))
            #expect(missing.text.contains("no such command"))
            for argument in ["1", "-1", "abc", "\(child.processID);id", "99999999999", ""] {
                let reply = try await container.get("/jmap/\(argument)")
                #expect(reply.text.contains("\"command\": \"jmap <pid>\""), "\(argument)")
            }
        }
        _ = await child.terminate(grace: .seconds(1))
    }

    @Test("a tool's output is passed on")
    func toolOutput() async throws {
        let child = try sleeper()
        try await Container.run(executor: getpid()) { container async throws in
            container.write("#!/bin/sh\necho \"seen $1 $2\"; echo bad >&2\n", to: "bin/pmap")
            chmod(container.directory + "/bin/pmap", 0o755)
            container.write("\(child.processID)", to: "p.pid")
            let shell = try Shell(
                ShellSettings(
                    port: 0,
                    secret: "",
                    directory: container.directory,
                    executor: getpid(),
                    environment: ["PATH": container.directory + "/bin:/usr/bin:/bin"]
                ),
                log: .init(label: "test")
            )
            let reply = await shell.handle(.init(method: "GET", path: "/pmap/\(child.processID)"))
            guard case .bytes(let bytes) = reply.body else { return #expect(Bool(false), "no bytes") }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.contains("\"stdout\": \"seen -pXX \(child.processID)\\n\", \"stderr\": \"bad\\n\""))
        }
        _ = await child.terminate(grace: .seconds(1))
    }
}
