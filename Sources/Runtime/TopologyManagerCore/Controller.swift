import HeronModel
import RuntimeHTTP

/// The controller port: HTTP with the paths, checks and texts of Heron's topology manager.
///
/// Parameters are in the query string, the method is GET or POST.
struct Controller: Sendable {
    let manager: TopologyManager
    let topologyID: String

    func handle(_ request: HTTPRequest) async -> HTTPResponse {
        guard request.method == "GET" || request.method == "POST" else {
            return Controller.page(ControlAnswer(405, "Method Not Allowed"))
        }
        let answer = await answer(request)
        return answer.code == 200 ? .text(answer.text) : Controller.page(answer)
    }

    private func answer(_ request: HTTPRequest) async -> ControlAnswer {
        switch request.path {
        case "/get_current_physical_plan":
            return await currentPlan()
        case "/activate":
            return await perform(.activate, request)
        case "/deactivate":
            return await perform(.deactivate, request)
        case "/runtime_config/update":
            return await perform(.updateRuntimeConfig(request.query.all("runtime-config")), request)
        case "/clean_all_stateful_checkpoints":
            return refusal(request) ?? ControlAnswer(400, "Topology is not effectively-once, it has no checkpoints")
        default:
            return ControlAnswer(404, "Not Supported")
        }
    }

    private func perform(_ command: ControlRequest.Command, _ request: HTTPRequest) async -> ControlAnswer {
        if let refusal = refusal(request) { return refusal }
        return await manager.control(command)
    }

    private func refusal(_ request: HTTPRequest) -> ControlAnswer? {
        guard let id = request.query.first("topologyid") else {
            return ControlAnswer(400, "Missing 'topologyid' argument in the request")
        }
        return id == topologyID ? nil : ControlAnswer(400, "Topology id does not match")
    }

    private func currentPlan() async -> ControlAnswer {
        guard let plan = await manager.completePlan(), let bytes: [UInt8] = try? plan.serializedBytes() else {
            return ControlAnswer(400, "Physical plan is not available, or not every stream manager is registered")
        }
        return ControlAnswer(200, base64(bytes))
    }

    /// An error as Heron sends it: the text is the reason phrase and stands in a small page.
    private static func page(_ answer: ControlAnswer) -> HTTPResponse {
        let title = escaped("\(answer.code) \(answer.text)")
        let body = escaped([answer.text, answer.detail].filter { !$0.isEmpty }.joined(separator: ": "))
        let page = """
            <HTML><HEAD>
            <TITLE>\(title)</TITLE>
            </HEAD><BODY>
            <H1>\(body)</H1>
            </BODY></HTML>

            """
        return .html(page, HTTPStatus(answer.code, answer.text))
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
    }
}

/// Base 64 with padding (RFC 4648).
func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
        for place in 0..<4 {
            text.append(place <= group.count ? alphabet[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
        }
    }
    return String(decoding: text, as: UTF8.self)
}
