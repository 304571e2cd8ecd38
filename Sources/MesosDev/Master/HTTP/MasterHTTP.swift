import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The master's HTTP interface: the scheduler API, the operator's, the read-only endpoints, and the fault switches.
///
/// Paths match by their beginning, with and without `/master`, as libprocess routes them.
struct MasterHTTP: HTTPResponder {
    typealias Context = MasterRequestContext

    /// Mesos has no bound; this one is beyond every sensible call.
    private static let maximumBodyBytes = 64 << 20

    let master: DevMaster
    let credentials: BasicCredentials?

    func respond(to request: Request, context: MasterRequestContext) async throws -> Response {
        let path = Self.normalized(request.uri.path)
        do throws(MasterRefusal) {
            if path == "/dev/faults" { return try await faults(request, context) }
            if await master.isDown {
                await context.cut()
                return Response(status: .internalServerError)
            }
            let principal = try principal(request, path)
            if !Self.isLocal(path) { try await checkLeadership(request, path) }
            return try await route(path, request, context, principal)
        } catch {
            return Self.response(error)
        }
    }

    private func route(
        _ path: String,
        _ request: Request,
        _ context: MasterRequestContext,
        _ principal: String?
    ) async throws(MasterRefusal) -> Response {
        if Self.matches(path, "/api/v1/scheduler") {
            try Self.expect(.post, request)
            return try await SchedulerEndpoint(master: master).respond(request, context, principal)
        }
        if Self.matches(path, "/api/v1") {
            try Self.expect(.post, request)
            let type = try MediaType.ofRequest(request.headers[.contentType])
            return try await OperatorEndpoint(master: master).respond(try await Self.body(of: request), type)
        }
        if path == "/teardown" {
            try Self.expect(.post, request)
            return try await OperatorEndpoint(master: master).tearDown(form: try await Self.body(of: request))
        }
        if path == "/redirect" { throw .redirect(to: await master.location) }
        return try StateEndpoints(core: await master.core, isLeading: await master.leadership == .leader)
            .respond(path, request)
    }

    /// Sends requests that only the leader answers to the leader.
    private func checkLeadership(_ request: Request, _ path: String) async throws(MasterRefusal) {
        let full = request.head.path ?? path
        let target = path == "/redirect" ? "" : full.hasPrefix("/master/") ? full : "/master" + full
        let isAPI = Self.matches(path, "/api/v1")
        if let refusal = await master.refusal(redirecting: target, needsRecovery: isAPI) { throw refusal }
    }

    private func faults(_ request: Request, _ context: MasterRequestContext) async throws(MasterRefusal) -> Response {
        guard context.isLocal else {
            throw MasterRefusal(status: 403, text: "The fault switches are for clients on this machine only.")
        }
        try Self.expect(.post, request)
        let fault = try CallReader.json(try await Self.body(of: request))
        do throws(DevMaster.FaultError) {
            try await master.inject(fault)
        } catch {
            throw .badRequest("\(error)")
        }
        return Response(status: .ok)
    }

    /// Who sends the request, nil if anybody may; health and version are everybody's.
    private func principal(_ request: Request, _ path: String) throws(MasterRefusal) -> String? {
        guard let credentials, !["/", "/health", "/redirect", "/version"].contains(path) else { return nil }
        guard let principal = credentials.principal(request.headers[.authorization]) else {
            throw .unauthorized(realm: "mesos-master-" + Self.realm(path))
        }
        return principal
    }

    private static func realm(_ path: String) -> String {
        if matches(path, "/api/v1/scheduler") { return "scheduler" }
        return matches(path, "/api/v1") || path == "/teardown" ? "readwrite" : "readonly"
    }

    /// The path without `/master` in front and slashes behind.
    private static func normalized(_ path: String) -> String {
        var path = Substring(path)
        if path == "/master" || path.hasPrefix("/master/") { path = path.dropFirst("/master".count) }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path.isEmpty ? "/" : String(path)
    }

    private static func matches(_ path: String, _ route: String) -> Bool {
        path == route || path.hasPrefix(route + "/")
    }

    /// Whether a master answers itself, leader or not.
    private static func isLocal(_ path: String) -> Bool {
        ["/", "/health", "/version", "/flags", "/metrics/snapshot"].contains(path)
    }

    private static func expect(_ method: HTTPRequest.Method, _ request: Request) throws(MasterRefusal) {
        guard request.method == method else {
            throw .methodNotAllowed(request.method.rawValue, expected: method.rawValue)
        }
    }

    static func body(of request: Request) async throws(MasterRefusal) -> [UInt8] {
        var request = request
        return try await body(collecting: &request)
    }

    /// Reads the body, which the request keeps: its connection can be watched afterwards.
    static func body(collecting request: inout Request) async throws(MasterRefusal) -> [UInt8] {
        do {
            return Array(try await request.collectBody(upTo: maximumBodyBytes).readableBytesView)
        } catch {
            throw .badRequest("The body cannot be read: \(error)")
        }
    }

    static func response(_ refusal: MasterRefusal) -> Response {
        var headers = HTTPFields()
        for (name, value) in refusal.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        if !refusal.text.isEmpty { headers[.contentType] = "text/plain; charset=utf-8" }
        return Response(
            status: .init(code: refusal.status),
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: refusal.text))
        )
    }

    static func response(_ value: JSONValue) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: MediaType.json.rawValue],
            body: ResponseBody(byteBuffer: ByteBuffer(string: value.text))
        )
    }
}
