import HeronModel
import RuntimeHTTP

/// The statistics port: HTTP with protobuf messages as bodies, as Heron's tracker asks.
///
/// No metrics manager runs in the containers yet, so there is no metric to tell; the registrations are complete.
struct Statistics: Sendable {
    typealias MetricRequest = Heron_Proto_Tmanager_MetricRequest
    typealias MetricResponse = Heron_Proto_Tmanager_MetricResponse
    typealias ExceptionLogRequest = Heron_Proto_Tmanager_ExceptionLogRequest
    typealias ExceptionLogResponse = Heron_Proto_Tmanager_ExceptionLogResponse
    typealias SummaryRequest = Heron_Proto_Tmanager_StmgrsRegistrationSummaryRequest
    typealias SummaryResponse = Heron_Proto_Tmanager_StmgrsRegistrationSummaryResponse

    let manager: TopologyManager
    /// The names of the topology's components.
    let components: Set<String>

    func handle(_ request: HTTPRequest) async -> HTTPResponse {
        switch request.path {
        case "/stats":
            return answer(request, MetricRequest.self, metrics)
        case "/exceptions", "/exceptionsummary":
            return answer(request, ExceptionLogRequest.self, exceptions)
        case "/stmgrsregistrationsummary":
            let (registered, absent) = await manager.registrations()
            return answer(request, SummaryRequest.self) { _ in
                var summary = SummaryResponse()
                summary.registeredStmgrs = registered
                summary.absentStmgrs = absent
                return summary
            }
        default:
            return .text("no such page\n", .badRequest)
        }
    }

    /// The component is looked at before the interval.
    private func metrics(_ request: MetricRequest) -> MetricResponse {
        var response = MetricResponse()
        if !components.contains(request.componentName) {
            response.status = Status(.notok, "Unknown component: \(request.componentName)")
        } else if !request.hasInterval && !request.hasExplicitInterval {
            response.status = Status(.notok, "No interval or explicit interval set")
        } else {
            response.status = Status(.notok, "Metrics not available for component `\(request.componentName)`")
        }
        return response
    }

    private func exceptions(_ request: ExceptionLogRequest) -> ExceptionLogResponse {
        var response = ExceptionLogResponse()
        response.status = Status(.notok, "Unknown component")
        return response
    }

    private func answer<Request: Message, Response: Message>(
        _ request: HTTPRequest,
        _ type: Request.Type,
        _ respond: (Request) -> Response
    ) -> HTTPResponse {
        do {
            let response = respond(try Request(serializedBytes: request.body))
            return HTTPResponse(contentType: "application/octet-stream", try response.serializedBytes())
        } catch {
            return .text("the body is not a \(Request.protoMessageName): \(error)\n", .badRequest)
        }
    }
}
