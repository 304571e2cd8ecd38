import Glibc
import NIOCore
import NIOPosix

/// The plain words of an error from below, without the names of functions and types.
enum SystemMessage {
    static func of(_ error: any Error) -> String {
        switch error {
        case let error as IOError: return words(error.errnoCode)
        case let error as NIOConnectionError: return of(error)
        case ChannelError.connectTimeout: return "no answer in time"
        default: return "\(error)"
        }
    }

    private static func of(_ error: NIOConnectionError) -> String {
        if let failure = error.connectionErrors.first { return of(failure.error) }
        if error.dnsAError != nil || error.dnsAAAAError != nil { return "unknown host" }
        return "no address"
    }

    private static func words(_ code: CInt) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress, strerror_r(code, start, buffer.count) == 0 else {
                return "error \(code)"
            }
            return String(cString: start)
        }
    }
}
