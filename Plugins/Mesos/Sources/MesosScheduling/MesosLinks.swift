import MesosFramework

/// Addresses of Mesos's web UI.
enum MesosLinks {
    static func framework(_ id: String, master: String) -> String { "\(master)/#/frameworks/\(id)" }

    /// A command task's executor has the task's id.
    static func sandbox(of task: TaskRun, _ framework: Framework) -> String? {
        guard let id = framework.frameworkID, !framework.master.isEmpty else { return nil }
        return "\(framework.master)/#/agents/\(task.agent)/frameworks/\(id)/executors/\(task.id)/browse"
    }
}
