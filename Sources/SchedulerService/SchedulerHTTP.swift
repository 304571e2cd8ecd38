import FoundationEssentials
import HTTPTypes
import HeronModel
import Hummingbird
import NIOCore
import PluginHost
import SchedulerCore

/// The scheduler service's HTTP interface: Heron's three endpoints with Heron's messages, and some of our own.
///
/// `POST /kill`, `/restart` and `/update` take a protobuf request and answer 200 with a `SchedulerResponse`, as Heron's
/// scheduler does, whether the request succeeded or not. `POST /operation` takes an ``OperationRequest`` in the same way. `GET /status` (JSON), `/metrics` (Prometheus) and `/health`; and published
/// files, see ``PackageHTTP``.
struct SchedulerHTTP: Sendable {
    /// A packing plan of a few thousand containers has room in this many bytes.
    private static let maximumBodyBytes = 16 << 20

    let session: SchedulerSession
    let packages: PackageHTTP

    func router(_ authorization: SecretCheck) -> Router<SchedulerRequestContext> {
        let router = Router(context: SchedulerRequestContext.self)
        router.get("/health") { _, _ in "ok\n" }
        packages.add(to: router)
        let guarded = router.group().add(middleware: authorization)
        guarded.get("/status") { _, _ in try json(await session.status()) }
        guarded.get("/metrics") { _, _ in
            text(session.metricsText, type: "text/plain; version=0.0.4")
        }
        guarded.post("/kill") { request, _ in
            let message: Heron_Proto_Scheduler_KillTopologyRequest = try await body(of: request)
            return try await answer(message.topologyName) {
                try await session.kill()
                session.finish(.killed)
            }
        }
        guarded.post("/restart") { request, _ in
            let message: Heron_Proto_Scheduler_RestartTopologyRequest = try await body(of: request)
            return try await answer(message.topologyName) {
                try await session.restart(container: message.containerIndex)
            }
        }
        guarded.post("/update") { request, _ in
            let message: Heron_Proto_Scheduler_UpdateTopologyRequest = try await body(of: request)
            return try await answer(session.context.topology.name) { try await session.update(message) }
        }
        guarded.post("/operation") { request, _ in try await operation(request) }
        return router
    }

    private func body<M: Message>(of request: Request) async throws -> M {
        let buffer: ByteBuffer = try await request.body.collect(upTo: SchedulerHTTP.maximumBodyBytes)
        do {
            return try M(serializedBytes: Array(buffer.readableBytesView))
        } catch {
            throw HTTPError(.badRequest, message: "the body is not a \(M.protoMessageName)")
        }
    }

    private func answer(_ topology: String, _ action: () async throws -> Void) async throws -> Response {
        var response = Heron_Proto_Scheduler_SchedulerResponse()
        do {
            guard topology == session.context.topology.name else {
                throw HTTPError(.badRequest, message: "this is the scheduler of \(session.context.topology.name)")
            }
            try await action()
            response.status.status = .ok
        } catch let error as HTTPError {
            throw error
        } catch {
            response.status.status = .notok
            response.status.message = "\(error)"
        }
        let bytes: [UInt8] = try response.serializedBytes()
        return Response(
            status: .ok,
            headers: [.contentType: "application/octet-stream"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    private func operation(_ request: Request) async throws -> Response {
        let buffer: ByteBuffer = try await request.body.collect(upTo: SchedulerHTTP.maximumBodyBytes)
        let message: OperationRequest
        do {
            message = try JSONDecoder().decode(OperationRequest.self, from: Data(buffer.readableBytesView))
        } catch {
            throw HTTPError(.badRequest, message: "the body is not an operation's request")
        }
        do {
            return try json(OperationAnswer(try await session.operate(message)))
        } catch let error as PluginError {
            return try json(OperationAnswer(error: error.description))
        }
    }

    private func json(_ value: some Encodable) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: Array(try encoder.encode(value))))
        )
    }

    private func text(_ text: String, type: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
