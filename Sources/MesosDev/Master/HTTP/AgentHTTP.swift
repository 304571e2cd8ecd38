import HTTPTypes
import Hummingbird
import NIOCore

/// An agent's HTTP interface, as far as people and tools read it: its state, and the files of its sandboxes.
struct AgentHTTP: HTTPResponder {
    typealias Context = BasicRequestContext

    let master: DevMaster
    /// The agent's, which tells it from others.
    let address: String
    /// Absolute.
    let workDirectory: String

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        do throws(MasterRefusal) {
            guard let link = await master.link(address: address) else {
                throw .unavailable("Agent has not finished recovery")
            }
            return try answer(request, link)
        } catch {
            return MasterHTTP.response(error)
        }
    }

    private func answer(_ request: Request, _ link: AgentLink) throws(MasterRefusal) -> Response {
        let files = SandboxFiles(workDirectory: workDirectory, agent: link.info.id.value)
        switch Self.normalized(request.uri.path) {
        case "/health": return Response(status: .ok)
        case "/version": return MasterHTTP.response(StateJSON.version)
        case "/state": return MasterHTTP.response(AgentStateJSON(link: link, workDirectory: workDirectory).value)
        case "/files/browse": return MasterHTTP.response(try files.browse(try Self.path(request)))
        case "/files/read":
            let offset = try Self.number(request, "offset")
            let length = try Self.number(request, "length")
            return MasterHTTP.response(
                try files.read(try Self.path(request), offset: offset, length: length.map { Int($0) })
            )
        case "/files/download":
            return Response(
                status: .ok,
                headers: [.contentType: "application/octet-stream", .contentDisposition: "attachment"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: try files.download(try Self.path(request))))
            )
        default: throw .notFound()
        }
    }

    /// The path without the name of the agent's process in front and slashes behind.
    private static func normalized(_ path: String) -> String {
        var path = path.replacing("%28", with: "(").replacing("%29", with: ")")
        for prefix in ["/slave(1)", "/slave"] where path.hasPrefix(prefix + "/") {
            path = String(path.dropFirst(prefix.count))
            break
        }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    private static func path(_ request: Request) throws(MasterRefusal) -> String {
        guard var path = request.uri.queryParameters["path"].map({ String($0) }), !path.isEmpty else {
            throw .badRequest("Expecting 'path=value' in query.\n")
        }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// A parameter; nil if it is not there, or -1.
    private static func number(_ request: Request, _ name: String) throws(MasterRefusal) -> Int64? {
        guard let text = request.uri.queryParameters[Substring(name)] else { return nil }
        guard let number = Int64(text), number >= -1 else { throw .badRequest("Failed to parse \(name): '\(text)'\n") }
        return number == -1 ? nil : number
    }
}
