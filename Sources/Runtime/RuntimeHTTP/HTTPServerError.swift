import Glibc
import NIOCore

/// Why a server could not start; one line with the address and the reason.
public struct HTTPServerError: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(cannotListenOn settings: HTTPServerSettings, _ error: any Error) {
        description = "cannot listen on \(settings.host):\(settings.port): \(HTTPServerError.words(error))"
    }

    private static func words(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress, strerror_r(error.errnoCode, start, buffer.count) == 0 else {
                return "\(error)"
            }
            return String(cString: start)
        }
    }
}
