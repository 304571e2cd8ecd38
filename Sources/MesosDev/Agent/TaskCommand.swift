import Glibc
import MesosProtocol

/// How a task's command is executed.
struct TaskCommand: Sendable {
    let executable: String
    let arguments: [String]
    let environment: [String: String]

    /// What a command says, in a sandbox; `user` only if the task is not to run as this process does.
    init(_ command: MesosCommandInfo, environment: [String: String], user: TaskUser?) {
        let program: [String]
        if command.shell {
            program = ["/bin/sh", "-c", command.value]
        } else {
            // The first argument is the program's own name, which the spawned process gets anyway.
            program = [command.value] + command.arguments.dropFirst()
        }
        var words = program
        if let user {
            words =
                [
                    "setpriv", "--reuid=\(user.uid)", "--regid=\(user.gid)", "--init-groups", "--",
                ] + program
        }
        executable = words[0]
        arguments = Array(words.dropFirst())
        self.environment = environment
    }

    /// Mesos's own variables, those of the command before them.
    static func environment(
        _ command: MesosCommandInfo,
        task: MesosTaskInfo,
        framework: MesosFrameworkInfo,
        sandbox: Sandbox,
        address: String
    ) -> [String: String] {
        var variables = [
            "MESOS_SANDBOX": sandbox.path, "MESOS_DIRECTORY": sandbox.path,
            "MESOS_FRAMEWORK_ID": framework.id.value, "MESOS_EXECUTOR_ID": task.taskID.value,
            "MESOS_SLAVE_ID": task.agentID.value, "MESOS_CHECKPOINT": framework.checkpoint ? "1" : "0",
            "MESOS_HTTP_COMMAND_EXECUTOR": "0", "MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD": "5secs",
            "MESOS_ALLOCATION_ROLE": task.resources.first?.allocationInfo.role ?? "*",
            "LIBPROCESS_PORT": "0", "LIBPROCESS_IP": address,
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ]
        for variable in command.environment.variables { variables[variable.name] = variable.value }
        return variables
    }
}
