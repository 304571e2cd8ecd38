import HeronState
import StateInspection
import Uploading

/// Ends a topology: marked first, its containers next, its state last, so that a kill that fails half-way can be
/// repeated by any command.
public struct TopologyKill: Sendable {
    private let topology: RunningTopology
    private let cluster: ClusterSession
    private let force: Bool

    /// - Parameter force: whether the state is removed even where the scheduler cannot end the topology.
    public init(_ topology: RunningTopology, _ cluster: ClusterSession, force: Bool = false) {
        self.topology = topology
        self.cluster = cluster
        self.force = force
    }

    /// Kills the topology and removes its state; returns warnings about what could not be seen to.
    ///
    /// Throws ``ControlError`` if the scheduler cannot end the topology: then the state is kept, unless forced.
    public func run() async throws -> [String] {
        var warnings: [String] = try await endOrGiveUp()
        do {
            try await uploader().remove()
        } catch {
            warnings.append("the topology's package was not removed: \(error)")
        }
        try await topology.state.removeTopology(topology.name, id: topology.execution?.topologyID)
        return warnings
    }

    private func endOrGiveUp() async throws -> [String] {
        do {
            return try await ContainersEnd(topology, cluster).run()
        } catch let error as CancellationError {
            throw error
        } catch let error as StateError where !error.concernsOneNode {
            // What cannot be read cannot be removed either.
            throw error
        } catch {
            guard force else {
                throw ControlError(
                    "'\(topology.name)' was not ended: \(error)",
                    hint:
                        "its state is kept, so that you can try again; --force removes it, and leaves what runs behind"
                )
            }
            return [
                "'\(topology.name)' was not ended, only its state was removed; what still runs of it is left behind: "
                    + "\(error)"
            ]
        }
    }

    private func uploader() throws -> any Uploader {
        let config = try cluster.config(of: topology)
        return try Uploaders.named(
            try config.string(.uploaderClass),
            UploaderSettings(config, topology: topology.name, role: try config.string(.role))
        )
    }
}
