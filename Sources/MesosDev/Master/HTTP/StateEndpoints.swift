import HTTPTypes
import Hummingbird
import MesosProtocol
import NIOCore

/// The endpoints that read: `/state`, `/slaves`, `/frameworks`, `/tasks` and so on.
struct StateEndpoints: Sendable {
    let core: MasterCore
    let isLeading: Bool

    func respond(_ path: String, _ request: Request) throws(MasterRefusal) -> Response {
        let query = Query(request: request)
        let state = StateJSON(core: core)
        switch path {
        case "/": return page()
        case "/health": return Response(status: .ok)
        case "/version": return MasterHTTP.response(StateJSON.version)
        case "/flags": return MasterHTTP.response(.object(["flags": state.flags]))
        case "/state": return MasterHTTP.response(state.state)
        case "/state-summary": return MasterHTTP.response(state.summary)
        case "/slaves": return MasterHTTP.response(state.slaves(only: query["slave_id"]))
        case "/frameworks": return MasterHTTP.response(state.frameworks(only: query["framework_id"]))
        case "/tasks": return MasterHTTP.response(tasks(state, query))
        case "/roles": return MasterHTTP.response(state.roles)
        case "/metrics/snapshot": return MasterHTTP.response(Metrics(core: core, isLeading: isLeading).value)
        case "/maintenance/schedule": return MasterHTTP.response(MaintenanceJSON.schedule(core.maintenance))
        default: throw .notFound()
        }
    }

    private func tasks(_ state: StateJSON, _ query: Query) -> JSONValue {
        let all = state.tasks(framework: query["framework_id"], task: query["task_id"])
        // The newest first, unless asked otherwise.
        let ordered = query["order"] == "asc" ? all : all.reversed()
        let offset = query["offset"].flatMap { Int($0) } ?? 0
        let limit = query["limit"].flatMap { Int($0) } ?? 100
        return .object(["tasks": .array(Array(ordered.dropFirst(max(0, offset)).prefix(max(0, limit))))])
    }

    /// What a browser gets in place of Mesos's web interface.
    private func page() -> Response {
        let links = ["state", "frameworks", "slaves", "tasks", "metrics/snapshot"]
            .map { "<li><a href=\"/\($0)\">/\($0)</a></li>" }.joined()
        let text = """
            <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>heron-mesos-dev</title></head>
            <body><h1>heron-mesos-dev</h1><p>A stand-in for a Mesos master, without its web interface.</p>
            <ul>\(links)</ul></body></html>
            """
        return Response(
            status: .ok,
            headers: [.contentType: "text/html"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}

/// The parameters of a request's URL.
private struct Query {
    let request: Request

    subscript(name: String) -> String? { request.uri.queryParameters[Substring(name)].map { String($0) } }
}
