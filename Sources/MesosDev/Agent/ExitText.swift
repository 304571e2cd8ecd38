import Glibc
import Processes

/// How Mesos's command executor words the end of a command.
enum ExitText {
    static func of(_ status: ExitStatus) -> String {
        switch status {
        case .exited(let code): "Command exited with status \(code)"
        case .signaled(let number): "Command terminated with signal \(String(cString: strsignal(number)))"
        case .unknown: "Command ended"
        }
    }
}
