import Hummingbird
import NIOCore

/// A request's context, with the connection it came on.
struct MasterRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Whether the client is on this machine.
    var isLocal: Bool {
        switch channel.remoteAddress {
        case .v4(let address): address.address.sin_addr.s_addr.bigEndian >> 24 == 127
        case .v6(let address): address.host == "::1"
        case .unixDomainSocket, nil: false
        }
    }

    /// Cuts the connection; what is answered on it afterwards goes nowhere.
    func cut() async {
        try? await channel.close()
    }
}
