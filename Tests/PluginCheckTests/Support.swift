import Files
import Glibc
import Processes

@testable import PluginCheck

/// The root of the repository that this file belongs to.
let repository = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()

/// Where this build's executables and libraries are.
let products: String = {
    guard let path = realpath("/proc/self/exe", nil) else { return "" }
    defer { free(path) }
    return String(cString: path).split(separator: "/").dropLast().map { "/\($0)" }.joined()
}()

/// The command that checks run in.
let heron = "\(products)/heron"
let hasHeron = access(heron, X_OK) == 0

/// A folder of a test's own, removed when the test is over.
final class Scratch: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/heron-check-tests-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw FileError("create", "/tmp", code: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        try? removeTree(path)
    }

    func write(_ name: String, _ text: String) throws {
        unlink("\(path)/\(name)")
        let file = try File(creating: "\(path)/\(name)", permissions: 0o644)
        try Array(text.utf8).withUnsafeBytes { try file.write($0) }
        try file.close()
    }

    func read(_ name: String) throws -> String {
        let file = try File(reading: "\(path)/\(name)")
        return String(decoding: try file.bytes(at: 0, count: Int(try file.status().size)), as: UTF8.self)
    }
}

/// Lets a few do something at the same time, and others wait: there are as many tests as rules.
actor Gate {
    private var free: Int
    private var waiters: [CheckedContinuation<Void, Never>] = []

    static let compilers = Gate(4)

    init(_ width: Int) {
        free = width
    }

    func pass<Value: Sendable>(_ body: @Sendable () async throws -> Value) async rethrows -> Value {
        await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiters.append($0) }
        }
    }

    private func leave() {
        if waiters.isEmpty {
            free += 1
        } else {
            waiters.removeFirst().resume()
        }
    }
}

/// A plugin's folder for one test.
struct PluginFolder: Sendable {
    let scratch: Scratch
    var path: String { "\(scratch.path)/plugin" }

    init() throws {
        scratch = try Scratch()
        for name in ["plugin", "tmp"] where mkdir("\(scratch.path)/\(name)", 0o755) != 0 {
            throw FileError("create", "\(scratch.path)/\(name)", code: errno)
        }
    }

    func copy(_ source: String, as name: String) throws {
        _ = try copyFile(source, to: "\(path)/\(name)", permissions: 0o755)
    }

    func edit(_ name: String, _ change: (String) -> String) throws {
        try scratch.write("plugin/\(name)", change(try scratch.read("plugin/\(name)")))
    }

    func overwrite(_ name: String, at offset: Int, _ bytes: [UInt8]) throws {
        let file = open("\(path)/\(name)", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError("write", "\(path)/\(name)", code: errno) }
        defer { close(file) }
        _ = bytes.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, off_t(offset)) }
    }

    /// Compiles C, or C++, into a library of the folder.
    func compile(
        _ sources: [String],
        to library: String,
        _ flags: [String],
        by compiler: String = "cc"
    ) async throws {
        let include = "-I\(repository)/Sources/PluginABI/include"
        let compiled = try await ChildProcess.runToCompletion(
            executable: compiler,
            arguments: ["-shared", "-fPIC", "-fvisibility=hidden", "-pthread", include, "-o", "\(path)/\(library)"]
                + sources + flags,
            environment: ChildProcess.currentEnvironment(),
            timeLimit: .seconds(60)
        )
        guard compiled.status.isSuccess else { throw CheckError(String(decoding: compiled.error, as: UTF8.self)) }
    }

    /// Checks the plugin; the scratch folders of the checks are in the test's own.
    func check(_ rules: Set<Rule> = [], _ change: (inout CheckSettings) -> Void = { _ in }) async throws -> CheckReport
    {
        var settings = CheckSettings(executable: heron, arguments: ["plugin", "run-check"])
        settings.rules = rules
        settings.temporaryFolder = "\(scratch.path)/tmp"
        settings.fuzzTime = .milliseconds(300)
        change(&settings)
        return try await PluginChecker(folder: path, settings: settings).run()
    }
}
