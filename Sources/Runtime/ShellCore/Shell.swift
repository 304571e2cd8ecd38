import Glibc
import Logging
import RuntimeHTTP

/// heron-shell: lets tools and people look at one container over HTTP, and stop its processes.
///
/// Reading needs no secret, as Heron's tracker and UI send none; stopping always does. Paths, answers and meanings are
/// those of Heron 0.20.5 as intended there; see `docs/compatibility.md` for where this one is stricter.
public struct Shell: Sendable {
    private let directory: ConfinedDirectory
    private let processes: ContainerProcesses
    private let diagnostics: Diagnostics
    private let secret: [UInt8]
    private let log: Logger

    /// Throws an error with one clear line if the directory cannot be used.
    public init(_ settings: ShellSettings, log: Logger) throws {
        directory = try ConfinedDirectory(settings.directory)
        processes = ContainerProcesses(directory: directory, executor: settings.executor)
        diagnostics = Diagnostics(processes, environment: settings.environment)
        secret = Array(settings.secret.utf8)
        self.log = log
    }

    /// Answers one request.
    public func handle(_ request: HTTPRequest) async -> HTTPResponse {
        do {
            return try await route(request)
        } catch let error as ShellError {
            log.info(
                "\(request.method) \(request.path) from \(request.peer ?? "?"): \(error.status.code) \(error.message)"
            )
            return error.response
        } catch {
            log.error("\(request.method) \(request.path) from \(request.peer ?? "?"): \(error)")
            return .text("\(error)\n", .internalError)
        }
    }

    private func route(_ request: HTTPRequest) async throws -> HTTPResponse {
        let parts = request.path.dropFirst().split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let endpoint = parts.first.map(String.init) ?? ""
        let argument = parts.count > 1 ? String(parts[1]) : ""
        switch endpoint {
        case "killexecutor", "quitquitquit", "abortabortabort":
            guard request.method == "POST" else { throw ShellError(.methodNotAllowed, "use POST") }
            return try stop(request)
        case "health", "browse", "file", "filedata", "filestats", "download", "pid", "jstack", "jmap", "histo", "pmap":
            guard request.isRead else { throw ShellError(.methodNotAllowed, "use GET") }
            return try await read(endpoint, argument, request)
        default:
            throw ShellError(.notFound, "no such page: \(request.path)")
        }
    }

    private func read(_ endpoint: String, _ argument: String, _ request: HTTPRequest) async throws -> HTTPResponse {
        switch endpoint {
        case "health": return .text("ok")
        case "browse": return try browse(argument)
        case "file": return try follow(argument)
        case "filedata": return try fileData(argument, request.query)
        case "filestats": return try fileStats(argument)
        case "download": return try download(argument)
        case "pid": return .json(pid(argument).json)
        default:
            guard let tool = Diagnostics.Tool(rawValue: endpoint) else { throw ShellError(.notFound, "no such page") }
            return .json(await diagnostics.run(tool, argument).json)
        }
    }

    // MARK: Files

    private func browse(_ path: String) throws -> HTTPResponse {
        let path = normalized(path)
        let listing = try DirectoryListing(takingOwnershipOf: directory.openDirectory(path))
        return .html(Pages.browse(path, listing))
    }

    private func follow(_ path: String) throws -> HTTPResponse {
        close(try directory.openFile(path).descriptor)
        return .html(Pages.follow(path))
    }

    /// A file that cannot be read is an empty object, which Heron's pages take for "nothing yet".
    private func fileData(_ path: String, _ query: HTTPParameters) throws -> HTTPResponse {
        let offset = try integer("offset", query)
        let length = try integer("length", query)
        let file: (descriptor: Int32, size: Int)
        do {
            file = try directory.openFile(path)
        } catch let error as ShellError where error.status == .notFound {
            return .json(.object([]))
        }
        defer { close(file.descriptor) }
        let chunk = FileChunk(of: file.descriptor, size: file.size, offset: offset, length: length)
        var members: [(String, JSON)] = [("offset", .int(chunk.offset)), ("length", .int(chunk.length))]
        if chunk.length > 0 { members.append(("data", .string(htmlEscaped(chunk.text)))) }
        return .json(.object(members))
    }

    private func fileStats(_ path: String) throws -> HTTPResponse {
        let path = normalized(path)
        let listing = try DirectoryListing(takingOwnershipOf: directory.openDirectory(path))
        var members = listing.entries.map { entry in
            (entry.name, stats(entry, path: path == "." ? entry.name : "\(path)/\(entry.name)"))
        }
        if path != ".", let parent = listing.parent {
            members.insert((parent.name, stats(parent, path: Pages.parent(of: path))), at: 0)
        }
        return .json(.object(members))
    }

    private func stats(_ entry: DirectoryListing.Entry, path: String) -> JSON {
        .object([
            ("formatted_stat", .string(entry.formattedStat)), ("is_dir", .bool(entry.isDirectory)),
            ("path", .string(PercentCoding.encode(path))),
        ])
    }

    private func download(_ path: String) throws -> HTTPResponse {
        let file = try directory.openFile(path)
        return HTTPResponse(
            .ok,
            headers: [
                HTTPHeader("Content-Type", "application/octet-stream"), HTTPHeader("Content-Disposition", "attachment"),
            ],
            body: .file(FileBody(takingOwnershipOf: file.descriptor, length: file.size))
        )
    }

    private func integer(_ name: String, _ query: HTTPParameters) throws -> Int {
        guard let text = query.first(name) else { return -1 }
        guard let value = Int(text), value >= -1 else {
            throw ShellError(.badRequest, "\(name) must be a number of bytes or -1")
        }
        return value
    }

    /// Without a trailing slash and without parts that mean nothing.
    private func normalized(_ path: String) -> String {
        guard !path.hasPrefix("/") else { return path }
        let parts = path.split(separator: "/").filter { $0 != "." }
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }

    // MARK: Processes

    private func pid(_ name: String) -> Diagnostics.Report {
        var report = Diagnostics.Report(command: "cat \(name).pid")
        if let processID = processes.recordedID(of: name) {
            report.output = String(processID)
        } else {
            report.error = "cat: \(name).pid: \(systemMessage(ENOENT))"
        }
        return report
    }

    private func stop(_ request: HTTPRequest) throws -> HTTPResponse {
        guard let form = request.form else { throw ShellError(.badRequest, "the body is not a form") }
        guard isSecret(form.first("secret") ?? "") else {
            throw ShellError(.forbidden, "the secret is missing or wrong")
        }
        let name = form.first("instance_id_to_restart") ?? ""
        log.notice("\(request.path) from \(request.peer ?? "?"): stopping \(name.isEmpty ? "the container" : name)")
        if name.isEmpty { try processes.stopContainer() } else { try processes.stop(name) }
        return HTTPResponse(.ok)
    }

    /// Compares in a time that does not depend on where the texts differ.
    private func isSecret(_ given: String) -> Bool {
        let given = Array(given.utf8)
        guard !secret.isEmpty, given.count == secret.count else { return false }
        return zip(given, secret).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension HTTPResponse {
    fileprivate static func json(_ value: JSON) -> HTTPResponse {
        HTTPResponse(contentType: "application/json; charset=UTF-8", Array((value.text + "\n").utf8))
    }
}
