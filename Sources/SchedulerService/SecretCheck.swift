import HTTPTypes
import HeronState
import Hummingbird
import NIOCore

/// The context of a request, with the address it came from.
struct SchedulerRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Whether the request came over the loopback interface.
    let isLocal: Bool

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        switch source.channel.remoteAddress {
        case .v4(let address): isLocal = address.address.sin_addr.s_addr.bigEndian >> 24 == 127
        case .v6(let address): isLocal = address.host == "::1"
        default: isLocal = false
        }
    }
}

/// Lets a request through that carries the topology's secret as `Authorization: Bearer <secret>`.
///
/// Heron's own clients send none; `allowsLocal` lets them through from this machine.
struct SecretCheck: RouterMiddleware {
    let secret: TopologySecret
    let allowsLocal: Bool

    func handle(
        _ request: Request,
        context: SchedulerRequestContext,
        next: (Request, SchedulerRequestContext) async throws -> Response
    ) async throws -> Response {
        guard carriesSecret(request) || allowsLocal && context.isLocal else {
            throw HTTPError(.unauthorized, message: "the request does not carry the topology's secret")
        }
        return try await next(request, context)
    }

    private func carriesSecret(_ request: Request) -> Bool {
        let parts = request.headers[.authorization]?.split(separator: " ", maxSplits: 1) ?? []
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return false }
        return secret.matches(String(parts[1]))
    }
}
