import Glibc
import Processes
import Testing

/// The distribution is relocatable and needs nothing of the machine that built it.
@Suite(.enabled(if: Installation.home != nil, "\(Installation.missing)"))
struct DistributionTests {
    @Test func findsItsLibrariesWhereverItStands() async throws {
        let home: String = try #require(Installation.home)
        let moved = "\(home)-moved-\(getpid())"
        try await run("cp", "-al", home, moved)
        do {
            try await checkLibraries(moved)
            let version = try await run(moved + "/bin/heron", "version")
            #expect(version.contains("heron.build.version : "))
            let plugins = try await run(moved + "/bin/heron", "plugin", "list")
            #expect(plugins.contains("\(moved)/lib/plugins/local"))
        } catch {
            try await run("rm", "-rf", moved)
            throw error
        }
        try await run("rm", "-rf", moved)
    }

    @Test func pluginExportsItsEntryOnly() async throws {
        let plugin = try #require(Installation.home) + "/lib/plugins/local/libheron-local.so"
        let symbols = try await run("nm", "--dynamic", "--defined-only", "--extern-only", plugin)
        let names = symbols.split(separator: "\n").compactMap { $0.split(separator: " ").last }
        #expect(names == ["heron_plugin_entry"])
    }

    /// As docs/operations.md has it installed.
    @Test(.enabled(if: access("/usr/bin/systemd-analyze", X_OK) == 0, "systemd is not installed"))
    func systemdTakesTheUnit() async throws {
        let home: String = try #require(Installation.home)
        let folder = try await run("mktemp", "-d").split(separator: "\n").joined()
        let unit = "\(folder)/heron-scheduler@.service"
        try await run("sed", "s|/opt/heron|\(home)|;w \(unit)", "\(home)/share/systemd/heron-scheduler@.service")
        let verdict = try await ChildProcess.runToCompletion(
            executable: "systemd-analyze",
            arguments: ["verify", "--man=no", "\(folder)/heron-scheduler@mesos\\x20Words.service"],
            environment: ChildProcess.currentEnvironment(),
            timeLimit: .seconds(60)
        )
        let words = String(decoding: verdict.error, as: UTF8.self)
        try await run("rm", "-r", folder)
        #expect(verdict.status.isSuccess && !words.contains("heron-scheduler@"), "\(words)")
    }

    /// Two copies of a type in one process are two types: each is defined in the state library and nowhere else.
    @Test func sharedTypesAreDefinedOnce() async throws {
        let home: String = try #require(Installation.home)
        let users = [
            "bin/heron", "bin/heron-scheduler", "lib/plugins/local/libheron-local.so",
            "dist/heron-core/bin/heron-executor",
            "dist/heron-core/bin/heron-stmgr", "dist/heron-core/bin/heron-tmanager",
        ]
        for user in users {
            #expect(try await definedTypes(home + "/" + user).isEmpty, "\(user) has copies of its own")
        }
        #expect(try await definedTypes(home + "/lib/libHeronState.so").count > 100)
    }

    /// The type descriptors of the state library's modules that a file defines.
    private func definedTypes(_ file: String) async throws -> [Substring] {
        let modules = ["$s10HeronModel", "$s13SwiftProtobuf", "$s10HeronState"]
        return try await run("nm", "--defined-only", file).split(separator: "\n").filter { line in
            line.hasSuffix("Mn") && modules.contains { line.contains(" \($0)") }
        }
    }

    /// What the dynamic loader finds must be part of the distribution, or of every Debian.
    private func checkLibraries(_ home: String) async throws {
        let found = try await run("find", home, "-type", "f", "(", "-path", "*/bin/heron*", "-o", "-name", "*.so*", ")")
        let files = found.split(separator: "\n").map(String.init)
        #expect(files.count > 10)
        for file in files where isELF(file) {
            for line in try await run("ldd", file).split(separator: "\n") where line.contains("=>") {
                let target = line.split(separator: " ").dropFirst(2).first ?? ""
                let isOwn = target.hasPrefix(home + "/")
                let isSystems = target.hasPrefix("/lib/") || target.hasPrefix("/usr/lib/")
                #expect(isOwn || isSystems, "\(file): \(line)")
            }
        }
    }

    private func isELF(_ path: String) -> Bool {
        let descriptor: Int32 = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var magic = [UInt8](repeating: 0, count: 4)
        return read(descriptor, &magic, 4) == 4 && magic == [0x7F, 0x45, 0x4C, 0x46]
    }

    @discardableResult
    private func run(_ command: String...) async throws -> String {
        var environment: [String: String] = ChildProcess.currentEnvironment()
        environment["LD_LIBRARY_PATH"] = nil
        let finished = try await ChildProcess.runToCompletion(
            executable: command[0],
            arguments: Array(command.dropFirst()),
            environment: environment,
            timeLimit: .seconds(60),
            outputLimit: 64 << 20
        )
        try #require(finished.status.isSuccess, "\(command): \(String(decoding: finished.error, as: UTF8.self))")
        return String(decoding: finished.output, as: UTF8.self)
    }
}
