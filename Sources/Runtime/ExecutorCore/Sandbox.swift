import Glibc
import Processes

/// A container's working directory.
public struct Sandbox: Sendable {
    /// Absolute.
    public let directory: String

    public init(directory: String) {
        self.directory = directory
    }

    /// The present working directory. Throws ``ExecutorError``.
    public static func current() throws -> Sandbox {
        guard let path = getcwd(nil, 0) else {
            throw ExecutorError.system("cannot find out the working directory", errno)
        }
        defer { free(path) }
        return Sandbox(directory: String(cString: path))
    }

    var pidFiles: PIDFiles { PIDFiles(directory: directory) }

    /// The path of a file that an option names.
    public func path(_ name: String) -> String {
        name.hasPrefix("/") ? name : "\(directory)/\(name)"
    }

    /// Makes the log directory, lets the shell's visitors in, and sees to it that the managers and the shell can be run.
    ///
    /// Throws ``ExecutorError`` that names the file and the reason.
    public func prepare(_ options: ExecutorOptions, logDirectory: String) throws {
        try makeDirectories(path(logDirectory))
        try add(permissions: 0o555, to: directory)
        try add(permissions: 0o111, to: path(logDirectory))
        for binary in [options.tmanagerBinary, options.stmgrBinary, options.heronShellBinary] {
            try makeExecutable(path(binary))
        }
    }

    private func makeDirectories(_ path: String) throws {
        var prefix = ""
        for part in path.split(separator: "/") {
            prefix += "/\(part)"
            if mkdir(prefix, 0o755) != 0, errno != EEXIST {
                throw ExecutorError.system("cannot create the folder '\(prefix)'", errno)
            }
        }
    }

    private func add(permissions: mode_t, to path: String) throws {
        var info = stat()
        guard stat(path, &info) == 0 else { throw ExecutorError.system("cannot look at '\(path)'", errno) }
        guard info.st_mode & permissions != permissions else { return }
        guard chmod(path, info.st_mode & 0o7777 | permissions) == 0 else {
            throw ExecutorError.system("cannot change the permissions of '\(path)'", errno)
        }
    }

    /// A core package may be someone else's: it is enough that the program can be run.
    private func makeExecutable(_ path: String) throws {
        var info = stat()
        guard stat(path, &info) == 0 else { throw ExecutorError.system("cannot run '\(path)'", errno) }
        if info.st_mode & 0o001 != 0 { return }
        guard chmod(path, info.st_mode & 0o7777 | 0o111) == 0 || access(path, X_OK) == 0 else {
            throw ExecutorError.system("cannot make '\(path)' executable", errno)
        }
    }
}

extension Sandbox {
    /// Unpacks the topology's file where its instances need it unpacked; what is there already stays as it is.
    ///
    /// Throws ``ExecutorError`` or `ProcessError` that names the file, the tool and the reason.
    func unpackTopology(_ options: ExecutorOptions, environment: [String: String]) async throws {
        let file = options.topologyBinaryFile
        switch options.pkgType {
        case .tar:
            try await unpack(file, with: "tar", ["-xf", file], accepting: [0], environment)
        case .pex where !file.lowercased().hasSuffix(".py"):
            // A pex begins with a line for the shell, of which unzip warns with code 1.
            try await unpack(file, with: "unzip", ["-qq", "-n", file], accepting: [0, 1], environment)
        case .pex, .jar, .so, .dylib:
            break
        }
    }

    private func unpack(
        _ file: String,
        with tool: String,
        _ arguments: [String],
        accepting codes: Set<Int32>,
        _ environment: [String: String]
    ) async throws {
        let result: CompletedProcess
        do {
            result = try await ChildProcess.runToCompletion(
                executable: tool,
                arguments: arguments,
                environment: environment,
                workingDirectory: directory,
                newSession: false,
                timeLimit: .seconds(300)
            )
        } catch let error as ProcessError {
            throw ExecutorError("cannot unpack '\(file)': \(error); install the package \(tool)")
        }
        guard !result.timedOut else { throw ExecutorError("cannot unpack '\(file)': \(tool) took more than 5 minutes") }
        if case .exited(let code) = result.status, codes.contains(code) { return }
        let words = String(decoding: result.error, as: UTF8.self).split(separator: "\n").joined(separator: "; ")
        throw ExecutorError("cannot unpack '\(file)': \(tool) \(result.status)\(words.isEmpty ? "" : ": \(words)")")
    }

    /// The version of Java, as 8 or 17, as the class that every Heron core package has for this prints it.
    ///
    /// Throws ``ExecutorError`` or `ProcessError` if it cannot be found out, or is too old for the core package.
    func javaVersion(_ home: String, _ classpath: String, environment: [String: String]) async throws -> Int {
        let java = "\(home)/bin/java"
        let result = try await ChildProcess.runToCompletion(
            executable: java,
            arguments: ["-cp", classpath, "org.apache.heron.instance.util.JvmVersion"],
            environment: environment,
            workingDirectory: directory,
            newSession: false,
            timeLimit: .seconds(60)
        )
        guard !result.timedOut else {
            throw ExecutorError("cannot find out the version of '\(java)': it took more than a minute")
        }
        let text = String(decoding: result.output, as: UTF8.self)
        guard result.status.isSuccess, let version = parseJavaVersion(text) else {
            let complaint = String(decoding: result.error, as: UTF8.self)
            if complaint.contains("UnsupportedClassVersionError") {
                throw ExecutorError(
                    "'\(java)' is too old for the instances of the core package: set heron.directory.sandbox.java.home to"
                        + " the folder of a newer one (11 or later)"
                )
            }
            if complaint.contains("Could not find or load main class") {
                throw ExecutorError(
                    "the core package has no instance for Java in \(classpath): set heron.package.core.uri or"
                        + " heron.package.core.directory to one that has"
                )
            }
            let words = (text + complaint).split(separator: "\n").joined(separator: "; ")
            throw ExecutorError("cannot find out the version of '\(java)': it \(result.status) and printed '\(words)'")
        }
        return version
    }
}

/// 8 of `1.8.0_292`, 17 of `17.0.2`.
func parseJavaVersion(_ text: String) -> Int? {
    let parts = text.split { !$0.isNumber }.compactMap { Int($0) }
    return parts.first == 1 ? parts.dropFirst().first : parts.first
}
