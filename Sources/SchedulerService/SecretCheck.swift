import HTTPTypes
import HeronState
import Hummingbird
import NIOCore

/// The context of a request, with the connection it came over.
struct SchedulerRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Whether the request came over the loopback interface. A machine's other addresses are not local, not even for
    /// itself.
    var isLocal: Bool { channel.remoteAddress.map(SchedulerRequestContext.isLoopback) ?? false }

    static func isLoopback(_ address: SocketAddress) -> Bool {
        switch address {
        case .v4(let address): return address.address.sin_addr.s_addr.bigEndian >> 24 == 127
        case .v6(let address):
            var bytes = address.address.sin6_addr
            return withUnsafeBytes(of: &bytes) { bytes in
                // ::1, or 127.0.0.0/8 as a socket for both families shows it (RFC 4291, section 2.5.5.2).
                let isOne = bytes[..<15].allSatisfy { $0 == 0 } && bytes[15] == 1
                let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
                return isOne || isMapped && bytes[12] == 127
            }
        case .unixDomainSocket: return false
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
