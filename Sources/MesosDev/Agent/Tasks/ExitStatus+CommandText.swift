import Glibc
import Processes

extension ExitStatus {
    /// How Mesos's command executor words the end of a command.
    var commandText: String {
        switch self {
        case .exited(let code): "Command exited with status \(code)"
        case .signaled(let number): "Command terminated with signal \(Self.words(number))"
        case .unknown: "Command ended in an unknown way"
        }
    }

    /// `Killed`, `Terminated`.
    private static func words(_ signal: Int32) -> String {
        strsignal(signal).map { String(cString: $0) } ?? "\(signal)"
    }
}
