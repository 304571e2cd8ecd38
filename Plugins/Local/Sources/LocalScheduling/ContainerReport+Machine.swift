import Glibc
import PluginKit
import Processes

extension ContainerReport {
    /// What the world is told of a container.
    ///
    /// - Parameter host: the name of this machine.
    init(container: Int32, machine: ContainerMachine, process: ProcessIdentity?, ports: [UInt16]?, host: String) {
        let isRunning: Bool
        let state: State
        switch machine.phase {
        case .starting: (state, isRunning) = (.pending, false)
        case .running: (state, isRunning) = (.running, true)
        case .ending: (state, isRunning) = (.stopping, true)
        case .backingOff: (state, isRunning) = (.backingOff, false)
        case .stopped: (state, isRunning) = (.stopped, false)
        }
        self.init(
            container: container,
            state: state,
            attempt: machine.attempt,
            processID: isRunning ? process?.processID ?? 0 : 0,
            host: isRunning ? host : "",
            ports: isRunning ? ports ?? [] : [],
            reason: machine.reason
        )
    }

    static func nameOfMachine() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
