import FoundationEssentials
import HTTPClient
import HeronModel
import HeronState
import PluginHost
import SchedulerCore

/// Talks to a topology's scheduler service over HTTP, with the topology's secret.
public struct SchedulerClient: Sendable {
    /// Where the service listens, `host:port`.
    public let endpoint: String
    private let topology: String
    private let secret: TopologySecret?

    /// A container may take its grace period to stop, and the service answers when it has.
    private static let requestTimeout = Duration.seconds(120)

    /// The client of a topology's service; nil if no live service is registered.
    public static func connect(to topology: String, _ state: any StateManager) async throws -> SchedulerClient? {
        async let secret: TopologySecret? = state.secret(of: topology)
        guard
            let location: SchedulerLocation = try await state.schedulerLocation(topology),
            location.httpEndpoint != InProcessScheduler.endpoint
        else { return nil }
        return SchedulerClient(endpoint: location.httpEndpoint, topology: topology, secret: try await secret)
    }

    private init(endpoint: String, topology: String, secret: TopologySecret?) {
        self.endpoint = endpoint
        self.topology = topology
        self.secret = secret
    }

    /// Ends the topology: answers when every container is stopped.
    public func kill() async throws {
        var message = Heron_Proto_Scheduler_KillTopologyRequest()
        message.topologyName = topology
        try await post("kill", message)
    }

    /// Restarts one container, or all with -1.
    public func restart(container: Int32) async throws {
        var message = Heron_Proto_Scheduler_RestartTopologyRequest()
        message.topologyName = topology
        message.containerIndex = container
        try await post("restart", message)
    }

    /// Calls an operation of the scheduler's plugin.
    public func operate(_ message: OperationRequest) async throws -> OperationResult {
        try await checkHealth()
        let response = try await request(
            "POST",
            "operation",
            body: Array(try JSONEncoder().encode(message)),
            timeout: SchedulerClient.requestTimeout
        )
        guard response.status == 200 else { throw refused("operation \(message.operation)", response) }
        guard let answer = try? JSONDecoder().decode(OperationAnswer.self, from: Data(response.body)) else {
            throw ControlError("the scheduler of '\(topology)' at \(endpoint) sent an answer that cannot be read")
        }
        if let error = answer.error { throw ControlError(error) }
        return answer.result
    }

    /// What the scheduler knows of the containers.
    public func status() async throws -> SchedulerStatus {
        let response: HTTPResponse = try await request("GET", "status", body: nil, timeout: .seconds(10))
        guard response.status == 200 else { throw refused("status", response) }
        do {
            return try JSONDecoder().decode(SchedulerStatus.self, from: Data(response.body))
        } catch {
            throw ControlError("the scheduler of '\(topology)' at \(endpoint) sent a status that cannot be read")
        }
    }

    /// Throws if the service is stopped or hangs, long before a command that may take its time would.
    private func checkHealth() async throws {
        do {
            _ = try await request("GET", "health", body: nil, timeout: .seconds(10))
        } catch let error as HTTPClientError {
            throw ControlError(
                "the scheduler of '\(topology)' does not answer: \(error)",
                hint: "if it hangs, end its process (heron-scheduler) with SIGKILL and try again"
            )
        }
    }

    private func post(_ command: String, _ message: some Message) async throws {
        try await checkHealth()
        let body: [UInt8] = try message.serializedBytes()
        let response = try await request("POST", command, body: body, timeout: SchedulerClient.requestTimeout)
        guard response.status == 200 else { throw refused(command, response) }
        let answer: Heron_Proto_Scheduler_SchedulerResponse
        do {
            answer = try Heron_Proto_Scheduler_SchedulerResponse(serializedBytes: response.body)
        } catch {
            throw ControlError("the scheduler of '\(topology)' at \(endpoint) sent an answer that cannot be read")
        }
        guard answer.status.status == .ok else {
            throw ControlError("the scheduler of '\(topology)' could not \(command) it: \(answer.status.message)")
        }
    }

    private func request(
        _ method: String,
        _ command: String,
        body: [UInt8]?,
        timeout: Duration
    ) async throws -> HTTPResponse {
        var headers: [(String, String)] = [("Content-Type", "application/x-protobuf")]
        if let secret { headers.append(("Authorization", "Bearer \(secret.text)")) }
        return try await HTTPClient.request(
            method: method,
            url: "http://\(endpoint)/\(command)",
            headers: headers,
            body: body,
            timeout: timeout,
            maxResponseBytes: 16 << 20
        )
    }

    private func refused(_ command: String, _ response: HTTPResponse) -> ControlError {
        ControlError(
            "the scheduler of '\(topology)' at \(endpoint) refused \(command): \(response.status) \(response.reason)",
            hint: response.status == 401 ? "the secret in the state is not the service's own" : nil
        )
    }
}
