import CProcess
import Glibc

extension ChildProcess {
    /// Starts a process without forking this one.
    ///
    /// - Parameters:
    ///   - executable: a path, relative ones counted from the working directory; or a name to look for in the
    ///     environment's `PATH`.
    ///   - arguments: without the executable's own name, which is put in front.
    ///   - environment: all of the child's environment; see ``currentEnvironment()``.
    ///   - workingDirectory: nil for this process's own.
    ///   - newSession: true if the child shall lead a session and a group of its own, false if it shall stay in the
    ///     caller's.
    /// - Throws: ``ProcessError`` that names the file or folder and the reason; nothing runs then.
    public static func spawn(
        executable: String,
        arguments: [String] = [],
        environment: [String: String],
        workingDirectory: String? = nil,
        newSession: Bool = false,
        stdout: ChildOutput = .null,
        stderr: ChildOutput = .null
    ) throws -> ChildProcess {
        let directory = try Descriptor.directory(workingDirectory ?? ".")
        let path = try findExecutable(executable, environment: environment, from: directory.number)
        let argumentList = try checked([executable] + arguments, of: path)
        let environmentList = try checked(environmentEntries(environment, of: path), of: path)
        let null = try Descriptor.open("/dev/null", O_RDONLY, as: "standard input")
        let input = try Descriptor.copy(of: null.number)
        let output = try stdout.open(from: directory.number, as: "standard output")
        let error = try stderr.open(from: directory.number, as: "standard error")

        cprocess_keep_exit_statuses()
        var processID: pid_t = 0
        let code = withExtendedLifetime((directory, input, output, error)) {
            withCStrings(argumentList) { arguments in
                withCStrings(environmentList) { environment in
                    path.withCString { path in
                        var request = cprocess_request(
                            path: path,
                            arguments: arguments,
                            environment: environment,
                            directory: directory.number,
                            input: input.number,
                            output: output.number,
                            error: error.number,
                            new_session: newSession
                        )
                        return spawnWhenNotBusy(&request, &processID)
                    }
                }
            }
        }
        guard code == 0 else { throw executionError(path, code, from: directory.number) }
        return try adopt(processID, newSession, path)
    }

    /// A child that runs already; it is killed if it cannot be kept track of.
    private static func adopt(_ processID: pid_t, _ leadsSession: Bool, _ path: String) throws -> ChildProcess {
        do {
            guard let identity = try ProcessIdentity.of(processID) else {
                throw ProcessError("cannot start '\(path)': /proc is not readable")
            }
            return try ChildProcess(identity: identity, leadsSession: leadsSession)
        } catch {
            kill(processID, SIGKILL)
            while waitpid(processID, nil, 0) == -1, errno == EINTR {}
            throw error
        }
    }

    /// A user's credentials for ZooKeeper: read by the process that was given them, and no business of its children.
    private static let privateVariable = "HERON_ZOOKEEPER_AUTH"

    /// The environment of this process, to hand on or to change first; without `HERON_ZOOKEEPER_AUTH`.
    public static func currentEnvironment() -> [String: String] {
        var result: [String: String] = [:]
        guard var entry = cprocess_environment() else { return result }
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, !parts[0].isEmpty { result[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        result[privateVariable] = nil
        return result
    }
}

/// Spawns, and for a tenth of a second tries again while the executable is open for writing.
///
/// A program that was just written can seem to be so although its writer has closed it: a child that another thread
/// spawns at that moment has the descriptor too until it executes its own program.
private func spawnWhenNotBusy(_ request: inout cprocess_request, _ processID: inout pid_t) -> Int32 {
    var code = cprocess_spawn(&request, &processID)
    var attempts = 0
    while code == ETXTBSY, attempts < 50 {
        usleep(2000)
        code = cprocess_spawn(&request, &processID)
        attempts += 1
    }
    return code
}

private func environmentEntries(_ environment: [String: String], of path: String) throws -> [String] {
    try environment.map { name, value in
        guard !name.isEmpty, !name.contains("=") else {
            throw ProcessError("cannot start '\(path)': '\(name)' is not a name for an environment variable")
        }
        return "\(name)=\(value)"
    }
}

/// The strings themselves; throws if one holds a NUL, at which C would cut it off.
private func checked(_ strings: [String], of path: String) throws -> [String] {
    guard let bad = strings.first(where: { $0.utf8.contains(0) }) else { return strings }
    let shown = bad.prefix { $0 != "\0" }
    throw ProcessError("cannot start '\(path)': the argument or variable that begins with '\(shown)' holds a NUL byte")
}

/// Calls a body with a NULL-terminated array of C strings that live for the call.
private func withCStrings<Result>(
    _ strings: [String],
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    pointers.append(nil)
    defer { pointers.forEach { free($0) } }
    return pointers.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("an array with a terminator is not empty") }
        return body(base)
    }
}
