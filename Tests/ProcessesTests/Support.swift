import Glibc
import Testing

@testable import Processes

/// A folder of a test's own, removed when the test is over.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/heron-processes-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ProcessError.system("mkdtemp", errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        guard let directory = opendir(path) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            unlink("\(path)/\(name)")
        }
        closedir(directory)
        rmdir(path)
    }

    /// Writes a file and returns its path.
    @discardableResult
    func write(_ name: String, _ text: String, mode: mode_t = 0o644) throws -> String {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw ProcessError.system(file, errno) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw ProcessError.system(file, errno) }
        return file
    }

    func read(_ name: String) -> String {
        (try? readProcFile("\(path)/\(name)")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

/// Waits until a condition holds; false if it does not within ten seconds.
func eventually(_ condition: () async throws -> Bool) async rethrows -> Bool {
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
        if try await condition() { return true }
        await pause(.milliseconds(5))
    }
    return try await condition()
}

/// Runs a shell command to its end.
func shell(
    _ command: String,
    environment: [String: String] = ["PATH": "/usr/bin:/bin"],
    in directory: String? = nil,
    timeLimit: Duration = .seconds(20),
    outputLimit: Int = 64 * 1024
) async throws -> CompletedProcess {
    try await ChildProcess.runToCompletion(
        executable: "/bin/sh",
        arguments: ["-c", command],
        environment: environment,
        workingDirectory: directory,
        timeLimit: timeLimit,
        outputLimit: outputLimit
    )
}

extension CompletedProcess {
    var text: String { String(decoding: output, as: UTF8.self) }
    var errorText: String { String(decoding: error, as: UTF8.self) }
}
