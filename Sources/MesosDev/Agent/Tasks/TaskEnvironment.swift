import MesosProtocol

/// The environment of a task: Mesos's own variables, and those of its command, which win. Nothing of this process's.
enum TaskEnvironment {
    /// Says where the sandbox is; by it, the processes of a task are recognised.
    static let directory = "MESOS_DIRECTORY"

    static func variables(of run: TaskRun, _ settings: AgentSettings) -> [String: String] {
        let task = run.task
        var variables = [
            directory: run.sandbox.path,
            "MESOS_SANDBOX": run.sandbox.path,
            "MESOS_FRAMEWORK_ID": run.framework.id.value,
            "MESOS_EXECUTOR_ID": task.taskID.value,
            "MESOS_SLAVE_ID": task.agentID.value,
            "MESOS_SLAVE_PID": settings.processName,
            "MESOS_AGENT_ENDPOINT": settings.endpoint,
            "MESOS_CHECKPOINT": run.framework.checkpoint ? "1" : "0",
            "MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD": "5secs",
            "MESOS_HTTP_COMMAND_EXECUTOR": "0",
            "MESOS_ALLOCATION_ROLE": task.resources.first?.allocationInfo.role ?? "*",
            "LIBPROCESS_IP": settings.address,
            "LIBPROCESS_PORT": "0",
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ]
        if run.framework.checkpoint {
            variables["MESOS_RECOVERY_TIMEOUT"] = "15mins"
            variables["MESOS_SUBSCRIPTION_BACKOFF_MAX"] = "2secs"
        }
        for variable in task.command.environment.variables { variables[variable.name] = variable.value }
        return variables
    }
}
