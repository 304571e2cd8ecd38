import Glibc
import Processes
import RuntimeHTTP

/// The processes of this container: the executor and its children, which wrote their ids into `<name>.pid`.
///
/// A pid file alone proves nothing, because the process may be long gone and its id given to another. So only the
/// executor and those who have it as their parent count. Several containers may share one directory; the others'
/// processes are then none of ours.
struct ContainerProcesses: Sendable {
    let directory: ConfinedDirectory
    let executor: Int32

    /// The id in the pid file of a process, or nil if there is none.
    func recordedID(of name: String) -> Int32? {
        guard ContainerProcesses.isValid(name) else { return nil }
        return directory.smallFile("\(name).pid", limit: 32).flatMap { text in
            Int32(text.drop(while: \.isWhitespace).prefix { !$0.isWhitespace })
        }
    }

    /// Whether a pid file names the process and it belongs to this container.
    func contains(_ processID: Int32) -> Bool {
        guard isOurs(processID), let descriptor = try? directory.openDirectory("."),
            let listing = try? DirectoryListing(takingOwnershipOf: descriptor)
        else { return false }
        return listing.entries.contains { entry in
            entry.name.hasSuffix(".pid") && recordedID(of: String(entry.name.dropLast(4))) == processID
        }
    }

    /// Asks the executor, and with it the whole container, to stop.
    func stopContainer() throws {
        guard contains(executor) else {
            throw ShellError(.unprocessable, "process \(executor), which started this shell, is not a running executor")
        }
        // The group only if the executor leads it; otherwise it holds processes that are not of this container.
        let target = getpgid(executor) == executor ? -executor : executor
        try send(SIGTERM, to: target)
    }

    /// Asks one process to stop; the executor starts it again. For an executor's name, the whole container.
    func stop(_ name: String) throws {
        guard let processID = recordedID(of: name) else {
            throw ShellError(.unprocessable, "no pid file \(name).pid in the container's directory")
        }
        if processID == executor { return try stopContainer() }
        guard isOurs(processID) else {
            throw ShellError(.unprocessable, "process \(processID) of \(name).pid does not run in this container")
        }
        try send(SIGTERM, to: processID)
    }

    private func isOurs(_ processID: Int32) -> Bool {
        guard processID > 1, let stat = try? ProcessStat.of(processID), !stat.isZombie else { return false }
        return processID == executor || stat.parent == executor
    }

    private func send(_ signal: Int32, to target: Int32) throws {
        guard kill(target, signal) == 0 else {
            throw ShellError(.unprocessable, "cannot stop process \(abs(target)): \(systemMessage(errno))")
        }
    }

    private static func isValid(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count < 250 && !name.hasPrefix(".") && !name.contains("/")
    }
}
