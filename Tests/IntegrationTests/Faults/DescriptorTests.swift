import Glibc
import HTTPTesting
import Processes
import Testing

extension TopologyTests {
    /// Processes that may open no further file or socket say so, wait, and go on when they may again.
    @Test func survivesWithoutDescriptors() async throws {
        try await User.use { user in
            let topology = try await CountingTopology.submit(user, containers: 2, spouts: 2, bolts: 2)
            try await topology.expectFlow("after submit")
            let planned: [String] = user.processKinds
            for name in ["heron-scheduler", "heron-tmanager", "heron-stmgr", "heron-shell"] {
                let server = try LimitedProcess(name, of: user)
                try await server.use {
                    let port: Int = try server.listeningPort()
                    let crowd = try (0..<3).map { _ in try HostileConnection(port: port) }
                    let line = "cannot take connections at port \(port): Too many open files"
                    try await eventually("\(name) says that it is short of descriptors") {
                        try await topology.logLines(with: line) > 0
                    }
                    try await Task.sleep(for: .seconds(2))
                    let lines: Int = try await topology.logLines(with: line)
                    #expect(lines < 10, "\(name) tries again and again")
                    crowd.forEach { $0.end() }
                }
            }
            for (parent, child) in [("heron-executor", "heron-shell"), ("heron-scheduler", "heron-executor")] {
                try await LimitedProcess(parent, of: user).use {
                    for process in user.processes(of: child) { Glibc.kill(process, SIGKILL) }
                    // Time enough to take what cannot be looked at for what is not there.
                    try await Task.sleep(for: .seconds(2))
                }
                try await user.expectProcesses(planned, "after \(parent) had no descriptors")
                try await topology.expectFlow("after \(parent) has got descriptors")
            }
            #expect(try await topology.heron("deactivate").status.isSuccess)
            #expect(try await topology.heron("activate").status.isSuccess)
            try await topology.expectFlow("after activate")
            try await topology.kill()
        }
    }

    /// Processes that get no more memory end, or go without; others take their place.
    @Test func survivesWithoutMemory() async throws {
        try await User.use { user in
            let topology = try await CountingTopology.submit(user, containers: 2, spouts: 2, bolts: 2)
            try await topology.expectFlow("after submit")
            let planned: [String] = user.processKinds
            for kind in ProcessFault.Victim.allCases where kind != .service {
                let name: String = kind.rawValue
                let victim: Int32 = try #require(kind.processes(of: user).first)
                try await user.setLimit("as", of: victim, to: 1 << 20)
                // What ends it need not be the memory: it may live without more.
                try await topology.expectFlow("without memory for \(name)")
                _ = try await topology.heron("deactivate")
                _ = try await topology.heron("activate")
                Glibc.kill(victim, SIGTERM)
                try await user.expectProcesses(planned, without: [victim], "after \(name) had no memory")
                try await topology.expectFlow("after \(name) had no memory")
            }
            try await topology.kill()
        }
    }
}

/// One process of a topology that may open nothing more for a time.
private struct LimitedProcess {
    private let processID: Int32
    private let user: User

    init(_ name: String, of user: User) throws {
        processID = try #require(user.processes(of: name).first, "\(name) runs")
        self.user = user
    }

    func use(_ body: () async throws -> Void) async throws {
        // New descriptors get the lowest free number, of which there is none below 3.
        try await user.setLimit("nofile", of: processID, to: 3)
        do {
            try await body()
        } catch {
            try? await user.setLimit("nofile", of: processID, to: 4096)
            throw error
        }
        try await user.setLimit("nofile", of: processID, to: 4096)
    }

    /// A port at which it listens, from proc(5).
    func listeningPort() throws -> Int {
        let sockets = Set((0..<1000).compactMap { socket(ofDescriptor: $0) })
        let table = String(decoding: user.contents("/proc/net/tcp"), as: UTF8.self)
        let ports: [Int] = table.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 9, fields[3] == "0A", sockets.contains("socket:[\(fields[9])]") else { return nil }
            return fields[1].split(separator: ":").last.flatMap { Int($0, radix: 16) }
        }
        return try #require(ports.first, "\(processID) listens")
    }

    private func socket(ofDescriptor number: Int) -> String? {
        var target = [CChar](repeating: 0, count: 64)
        let length: Int = readlink("/proc/\(processID)/fd/\(number)", &target, target.count)
        return length < 0 ? nil : String(decoding: target.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension User {
    /// Changes the soft limit of a running process, by the name that prlimit(1) has for it.
    fileprivate func setLimit(_ name: String, of processID: Int32, to value: Int) async throws {
        let result = try await run(executable: "prlimit", ["--pid", "\(processID)", "--\(name)=\(value):"])
        try #require(result.status.isSuccess, "\(result)")
    }
}
