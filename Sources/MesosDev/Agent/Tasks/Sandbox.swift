import Files
import Glibc

/// The folder of one run of one task, where Mesos puts it:
/// `<work>/slaves/<agent>/frameworks/<framework>/executors/<task>/runs/<container>`.
struct Sandbox: Sendable, Hashable {
    /// A random UUID.
    let containerID: String
    let path: String
    private let runs: String

    /// A new one, which ``create()`` makes.
    init(_ settings: AgentSettings, agent: String, framework: String, task: String) {
        containerID = RandomID.text()
        runs = "\(settings.folder(ofAgent: agent))/frameworks/\(framework)/executors/\(task)/runs"
        path = "\(runs)/\(containerID)"
    }

    var output: String { "\(path)/stdout" }
    var error: String { "\(path)/stderr" }

    /// Makes the folder with mode 0750, and empty files for the task's output; `runs/latest` leads to it then. Throws
    /// `FileError`.
    func create() throws {
        _ = try createFolders(runs)
        guard mkdir(path, 0o750) == 0, chmod(path, 0o750) == 0 else {
            throw FileError("create the folder", path, code: errno)
        }
        for file in [output, error] { try File(creating: file, permissions: 0o644).close() }
        let link = "\(runs)/\(temporaryName(for: "latest"))"
        guard symlink(path, link) == 0 else { throw FileError("create the link", link, code: errno) }
        try renameFile(link, to: "\(runs)/latest")
    }

    /// Adds a line to the task's standard error, as Mesos's fetcher does.
    func log(_ line: String) {
        let file = open(error, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return }
        defer { close(file) }
        let text = Array((line + "\n").utf8)
        // A full disk costs the line, and the task will show the disk's trouble itself.
        _ = write(file, text, text.count)
    }

    /// Gives everything in it to a user, links themselves included. Throws `FileError`.
    func give(to user: TaskUser) throws { try give(path, to: user) }

    private func give(_ item: String, to user: TaskUser) throws {
        guard lchown(item, user.uid, user.gid) == 0 else { throw FileError("change the owner of", item, code: errno) }
        guard try FileStatus.ifPresent(item)?.kind == .folder else { return }
        for name in try folderEntries(item) { try give("\(item)/\(name)", to: user) }
    }
}
