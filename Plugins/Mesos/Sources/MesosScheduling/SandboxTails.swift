import MesosAPI
import MesosFramework

/// The last lines of the sandboxes of tasks that failed; used on the framework's thread only.
struct SandboxTails {
    /// What a task left behind.
    struct Tail: Sendable {
        let task: String
        /// The file's name.
        let file: String
        let lines: [String]
    }

    private let driver: MesosDriver
    private let tell: @Sendable (Int32, Tail) -> Void
    /// By container: the last task that was asked about, and what is known of it.
    private var tails: [Int32: Tail] = [:]

    static let lineCount = 5

    /// - Parameter tell: called on any thread, to be handed on to ``keep(_:of:)``.
    init(_ driver: MesosDriver, tell: @escaping @Sendable (Int32, Tail) -> Void) {
        self.driver = driver
        self.tell = tell
    }

    /// What is known of the last task of a container; asks for it, once, if that failed.
    mutating func tail(of snapshot: ContainerSnapshot, _ framework: Framework) -> Tail? {
        guard let last = snapshot.last, snapshot.state != .stopped else {
            tails[snapshot.container] = nil
            return nil
        }
        if let tail = tails[snapshot.container], tail.task == last.id { return tail }
        let container = snapshot.container
        tails[container] = Tail(task: last.id, file: "", lines: [])
        if let id = framework.frameworkID, !last.agentURL.isEmpty {
            // A command task's executor has the task's id.
            let sandbox = "/frameworks/\(id)/executors/\(last.id)/runs/latest"
            let tell = tell
            read(SandboxTails.files(of: container), in: sandbox, of: last, driver) { tell(container, $0) }
        }
        return nil
    }

    /// Whether the lines are news.
    mutating func keep(_ tail: Tail, of container: Int32) -> Bool {
        guard tails[container]?.task == tail.task, !tail.lines.isEmpty else { return false }
        tails[container] = tail
        return true
    }

    /// The executor's own log tells most; where it was never started, what Mesos wrote.
    private static func files(of container: Int32) -> ArraySlice<String> {
        ["heron-executor-\(container).stdout", "stderr", "stdout"]
    }
}

/// Asks for one file after the other, until one says something.
private func read(
    _ files: ArraySlice<String>,
    in sandbox: String,
    of task: TaskRun,
    _ driver: MesosDriver,
    tell: @escaping @Sendable (SandboxTails.Tail) -> Void
) {
    guard let file = files.first else { return }
    let id = task.id
    driver.readTail(of: "\(sandbox)/\(file)", at: task.agentURL, count: SandboxTails.lineCount) {
        [weak driver] result in
        if case .success(let lines) = result, !lines.isEmpty {
            tell(SandboxTails.Tail(task: id, file: file, lines: lines))
        } else if let driver {
            read(files.dropFirst(), in: sandbox, of: task, driver, tell: tell)
        }
    }
}
