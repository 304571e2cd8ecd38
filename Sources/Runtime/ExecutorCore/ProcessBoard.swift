import HeronState
import Processes

/// What became of each of a container's processes, for whoever asks for the topology's status.
struct ProcessBoard {
    private let container: Int32
    private var byName: [String: ProcessStatus] = [:]

    init(container: Int32) {
        self.container = container
    }

    /// The statuses, ordered by name.
    var all: [ProcessStatus] { byName.values.sorted { $0.name < $1.name } }

    mutating func started(_ name: String, pid: Int32) {
        var status: ProcessStatus = byName[name] ?? new(name)
        status.state = .running
        status.pid = pid
        status.starts += 1
        byName[name] = status
    }

    /// A process ended, or could not be started, for this reason.
    mutating func ended(_ name: String, _ reason: String) {
        var status: ProcessStatus = byName[name] ?? new(name)
        status.state = .backingOff
        status.pid = nil
        status.lastExit = reason
        byName[name] = status
    }

    /// Forgets the processes that are no longer wanted.
    mutating func keep(_ names: Set<String>) {
        byName = byName.filter { names.contains($0.key) }
    }

    private func new(_ name: String) -> ProcessStatus {
        ProcessStatus(container: container, name: name, state: .running, pid: nil, starts: 0, lastExit: nil)
    }
}
