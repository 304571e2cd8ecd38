import HTTPTypes
import Hummingbird
import MesosProtocol
import NIOCore

/// `POST /api/v1/scheduler`.
struct SchedulerEndpoint: Sendable {
    private static let streamID = HTTPField.Name("Mesos-Stream-Id")

    let master: DevMaster

    func respond(
        _ request: Request,
        _ context: MasterRequestContext,
        _ principal: String?
    ) async throws(MasterRefusal) -> Response {
        var request = request
        let type = try MediaType.ofRequest(request.headers[.contentType])
        let call = try CallReader.read(try await MasterHTTP.body(collecting: &request), type)
        try CallReader.validate(call, principal: principal)
        let effect = await master.takeEffect(on: MessageJSON.name(of: call.type))
        switch effect {
        case .status(let status, let location):
            let headers = location.map { [("Location", $0)] } ?? []
            throw MasterRefusal(status: status, text: "", headers: headers)
        case .cutBefore:
            await context.cut()
            return Response(status: .internalServerError)
        case .delay, .cutAfter, nil: break
        }
        let response = try await answer(call, request, context, principal, isCut: effect == .cutAfter)
        switch effect {
        case .delay(let seconds): try? await Task.sleep(for: .seconds(seconds))
        case .cutAfter: await context.cut()
        case .status, .cutBefore, nil: break
        }
        return response
    }

    private func answer(
        _ call: MesosCall,
        _ request: Request,
        _ context: MasterRequestContext,
        _ principal: String?,
        isCut: Bool
    ) async throws(MasterRefusal) -> Response {
        let id = Self.streamID.flatMap { request.headers[$0] }
        guard call.type == .subscribe else {
            let status = try await master.perform(call, stream: id, principal: principal)
            return Response(status: .init(code: status))
        }
        let type = try MediaType.ofStream(request.headers[.accept])
        guard id == nil else {
            throw .badRequest("Subscribe calls should not include the 'Mesos-Stream-Id' header")
        }
        let stream = await master.subscribe(call.subscribe, type, principal: principal)
        if isCut {
            await master.closed(stream)
            return Response(status: .ok)
        }
        return response(stream, request, context)
    }

    /// A body that goes on until one side ends it.
    private func response(_ stream: EventStream, _ request: Request, _ context: MasterRequestContext) -> Response {
        var headers: HTTPFields = [.contentType: stream.type.rawValue]
        if let name = Self.streamID { headers[name] = stream.id }
        let body = ResponseBody { writer in
            let (open, hangUp) = AsyncStream.makeStream(of: Never.self)
            do {
                try await request.body.consumeWithInboundCloseHandler { _ in
                    try await write(stream, to: &writer, context)
                    // The connection stays open after the last chunk, as Mesos's does.
                    for await _ in open {}
                } onInboundClosed: {
                    stream.abandon()
                    hangUp.finish()
                }
            } catch {
                await master.closed(stream)
                throw error
            }
            await master.closed(stream)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    private func write(
        _ stream: EventStream,
        to writer: inout any ResponseBodyWriter,
        _ context: MasterRequestContext
    ) async throws {
        for await part in stream.parts {
            switch part {
            case .bytes(let bytes): try await writer.write(ByteBuffer(bytes: bytes))
            case .end: try await writer.finish(nil)
            case .cut: await context.cut()
            }
        }
        // Gone before the end: the master is told now, not when the connection has been taken down.
        await master.closed(stream)
    }
}
