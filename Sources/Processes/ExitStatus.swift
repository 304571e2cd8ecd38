import CProcess
import Glibc

/// How a process ended.
public enum ExitStatus: Sendable, Hashable, CustomStringConvertible {
    /// It returned this code, 0 to 255.
    case exited(Int32)
    /// This signal killed it.
    case signaled(Int32)
    /// Something else in this process collected the status first.
    case unknown

    /// Whether the process said that all went well.
    public var isSuccess: Bool { self == .exited(0) }

    public var description: String {
        switch self {
        case .exited(let code): "exited with code \(code)"
        case .signaled(let number): "was killed by \(signalName(number))"
        case .unknown: "ended in an unknown way"
        }
    }

    /// Decodes what `waitpid` stores.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7F
        self = signal == 0 ? .exited((waitStatus >> 8) & 0xFF) : .signaled(signal)
    }
}

/// `SIGTERM` and the like; `signal 40` for numbers without a name.
public func signalName(_ number: Int32) -> String {
    guard let name = cprocess_signal_name(number) else { return "signal \(number)" }
    return "SIG" + String(cString: name)
}
