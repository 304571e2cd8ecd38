import MesosProtocol

/// What is executed for a command: a program and its arguments, without the program's own name.
///
/// Where Mesos makes the first of `arguments` the program's name, here the program's path is its name.
struct TaskCommand: Sendable, Hashable {
    let executable: String
    let arguments: [String]

    /// - Parameter user: nil for the one that this process runs as.
    init(_ command: MesosCommandInfo, as user: TaskUser?) {
        let program =
            command.shell
            ? ["/bin/sh", "-c", command.value]
            : [command.value] + command.arguments.dropFirst()
        guard let user else {
            executable = program[0]
            arguments = Array(program.dropFirst())
            return
        }
        executable = "/usr/bin/setpriv"
        arguments = ["--reuid=\(user.uid)", "--regid=\(user.gid)", "--init-groups", "--"] + program
    }
}
