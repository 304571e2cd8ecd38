import HTTPClient
import HeronModel
import HeronState

/// Asks a topology's manager to change the topology's state, over its controller's HTTP interface.
public struct TManagerClient: Sendable {
    private let topology: RunningTopology

    public init(_ topology: RunningTopology) {
        self.topology = topology
    }

    /// What a request for a state led to.
    public enum Outcome: Sendable, Hashable {
        case changed
        /// The topology was in that state before.
        case alreadyThere
    }

    /// Lets the spouts emit.
    public func activate() async throws -> Outcome {
        try await change(to: .running, command: "activate")
    }

    /// Stops the spouts from emitting.
    public func deactivate() async throws -> Outcome {
        try await change(to: .paused, command: "deactivate")
    }

    private func change(to wanted: TopologyState, command: String) async throws -> Outcome {
        guard let plan: PhysicalPlan = try await topology.state.physicalPlan(topology.name) else {
            throw ControlError(
                "Failed to get physical plan for topology '\(topology.name)'",
                hint: "it has not come up yet; see: heron status"
            )
        }
        if plan.topology.state == wanted { return .alreadyThere }
        guard plan.topology.state != .killed else {
            throw ControlError("Topology '\(topology.name)' is being killed")
        }
        guard let location: TManagerLocation = try await topology.state.tmanagerLocation(topology.name) else {
            throw ControlError(
                "topology '\(topology.name)' has no live topology manager",
                hint: "try again when container 0 is up; see: heron status"
            )
        }
        try await request(command, location)
        return .changed
    }

    private func request(_ command: String, _ location: TManagerLocation) async throws {
        let response: HTTPResponse = try await HTTPClient.request(
            method: "GET",
            url: "http://\(location.host):\(location.controllerPort)/\(command)?topologyid=\(try await topology.id())",
            timeout: .seconds(30),
            maxResponseBytes: 1 << 16
        )
        guard response.status == 200 else {
            throw ControlError(
                "the topology manager at \(location.host):\(location.controllerPort) refused to \(command)"
                    + " '\(topology.name)': \(response.status) \(TManagerClient.reason(of: response))"
            )
        }
    }

    /// The heading of the page that a topology manager answers with, which says more than the reason phrase.
    private static func reason(of response: HTTPResponse) -> String {
        let page = String(decoding: response.body, as: UTF8.self)
        guard let start = page.firstRange(of: "<H1>")?.upperBound, let end = page.firstRange(of: "</H1>")?.lowerBound,
            start < end
        else { return response.reason }
        let text = page[start..<end].replacing("&lt;", with: "<").replacing("&gt;", with: ">")
            .replacing("&amp;", with: "&")
        return text.isEmpty ? response.reason : String(text.map { $0.isNewline || $0 < " " ? " " : $0 })
    }
}
