import Files
import Glibc

/// The folder of one run of one task, where Mesos puts it.
struct Sandbox: Sendable {
    let containerID: String
    let path: String

    /// Creates it: `<work>/slaves/<agent>/frameworks/<framework>/executors/<executor>/runs/<container>`, mode 0750, and
    /// `runs/latest` beside it. Throws `FileError`.
    static func create(_ settings: AgentSettings, agent: String, framework: String, executor: String) throws -> Sandbox
    {
        let container = RandomID.text()
        let runs = folder(settings, agent: agent, framework: framework, executor: executor) + "/runs"
        let path = "\(runs)/\(container)"
        _ = try createFolders(path)
        guard chmod(path, 0o750) == 0 else { throw FileError("set the mode of", path, code: errno) }
        let latest = "\(runs)/latest"
        unlink(latest)
        guard symlink(path, latest) == 0 else { throw FileError("create the link", latest, code: errno) }
        return Sandbox(containerID: container, path: path)
    }

    static func folder(_ settings: AgentSettings, agent: String, framework: String, executor: String) -> String {
        "\(settings.workDirectory)/slaves/\(agent)/frameworks/\(framework)/executors/\(executor)"
    }

    var stdout: String { "\(path)/stdout" }
    var stderr: String { "\(path)/stderr" }

    /// Adds a line to the task's standard error, as Mesos's fetcher does.
    func log(_ line: String) {
        let file = open(stderr, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard file >= 0 else { return }
        defer { close(file) }
        let text = Array((line + "\n").utf8)
        _ = write(file, text, text.count)
    }

    /// Gives everything in it to the task's user.
    func give(to user: TaskUser) throws {
        for item in [path] + (try folderEntries(path)).map({ "\(path)/\($0)" }) {
            guard lchown(item, user.uid, user.gid) == 0 else { throw FileError("give away", item, code: errno) }
        }
    }
}
