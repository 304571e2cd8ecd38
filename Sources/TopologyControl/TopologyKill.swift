import HeronState
import StateInspection
import Uploading

/// Ends a topology: marked first, its containers next, its state last, so that a kill that fails half-way can be
/// repeated by any command.
public struct TopologyKill: Sendable {
    private let topology: RunningTopology
    private let cluster: ClusterSession

    public init(_ topology: RunningTopology, _ cluster: ClusterSession) {
        self.topology = topology
        self.cluster = cluster
    }

    /// Kills the topology and removes its state; returns warnings about what could not be seen to.
    ///
    /// Throws ``ControlError`` if the scheduler cannot end the topology: then the state is kept.
    public func run() async throws -> [String] {
        let warnings: [String] = try await end()
        return try await warnings + remove()
    }

    /// Removes the state of a topology that could not be ended; returns warnings.
    public func giveUp(because reason: String) async throws -> [String] {
        let warning: String =
            "'\(topology.name)' was not ended, only its state was removed; what still runs of it is left behind: "
            + reason
        return try await [warning] + remove()
    }

    private func remove() async throws -> [String] {
        var warnings: [String] = []
        do {
            try await uploader().remove()
        } catch {
            warnings.append("the topology's package was not removed: \(error)")
        }
        try await topology.state.removeTopology(topology.name, id: topology.execution?.topologyID)
        return warnings
    }

    private func end() async throws -> [String] {
        do {
            return try await ContainersEnd(topology, cluster).run()
        } catch let error as CancellationError {
            throw error
        } catch let error as StateError where !error.concernsOneNode {
            // What cannot be read cannot be removed either.
            throw error
        } catch {
            throw ControlError(TopologyKill.failure(of: topology.name) + "\(error)", hint: TopologyKill.hint)
        }
    }

    /// Why a topology was not ended, in the last line that a process said whose ``run()`` failed.
    public static func reason(in line: String, of topology: String) -> String {
        ["error: ", failure(of: topology), "; \(hint)"].reduce(line) { $0.replacing($1, with: "", maxReplacements: 1) }
    }

    private static func failure(of topology: String) -> String { "'\(topology)' was not ended: " }

    /// What can be done about a topology that cannot be ended.
    private static let hint =
        "its state is kept, so that you can try again; --force removes it, and leaves what runs behind"

    private func uploader() throws -> any Uploader {
        let config = try cluster.config(of: topology)
        return try Uploaders.named(
            try config.string(.uploaderClass),
            UploaderSettings(config, topology: topology.name, role: try config.string(.role))
        )
    }
}
