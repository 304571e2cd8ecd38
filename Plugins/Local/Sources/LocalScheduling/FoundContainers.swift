import PluginKit
import PluginSupport
import Processes

/// What is left in a working directory from a scheduler before: its records, and processes that bear its marker.
struct FoundContainers {
    private let directory: String
    private let records: [Int32: RunRecord]
    /// Every container that has processes or a record.
    private let containers: Set<Int32>

    static func look(_ directory: String, _ host: Host) throws -> FoundContainers {
        let records: [RunRecord]
        do {
            records = try RunRecords.load(directory: directory)?.records ?? []
        } catch {
            host.log(.warning, "what an earlier scheduler wrote down cannot be read: \(error)")
            records = []
        }
        let marked = try ProcessCensus.marked(directory: directory).keys
        return FoundContainers(
            directory: directory,
            records: Dictionary(records.map { ($0.container, $0) }) { _, last in last },
            containers: Set(marked).union(records.map(\.container))
        )
    }

    /// The wanted containers whose executor runs.
    func running(among wanted: [Int32]) -> [Int32: RunRecord] {
        records.filter { wanted.contains($0.key) && $0.value.process.isAlive }
    }

    /// The attempt as which a container is to be started.
    func nextAttempt(of container: Int32, _ running: [Int32: RunRecord]) -> UInt32 {
        running[container]?.attempt ?? (records[container]?.attempt ?? 0) &+ 1
    }

    /// Ends the processes of all containers but some; throws ``PluginFailure`` if any survives.
    func end(except kept: [Int32: RunRecord], grace: Duration) throws {
        let census = ProcessCensus(directory: directory)
        let ended = containers.subtracting(kept.keys).map {
            ContainerProcesses(census: census, container: $0, executor: records[$0]?.process)
        }
        guard !ended.isEmpty else { return }
        let reply = Reply<[Int32]>()
        Task {
            await withTaskGroup(of: [Int32].self) { group in
                for processes in ended { group.addTask { await processes.end(grace: grace) } }
                reply.give(await group.reduce(into: []) { $0 += $1 })
            }
        }
        let survivors = reply.wait()
        guard survivors.isEmpty else {
            let list = survivors.map(String.init).joined(separator: ", ")
            throw PluginFailure(.failed, "processes of earlier containers survive SIGKILL: \(list)")
        }
    }
}
