import Dispatch
import Glibc
import Synchronization

/// A server on a free loopback port that answers one connection with given bytes, and remembers what it was sent.
final class ScriptedServer: Sendable {
    let port: Int
    private let listener: Int32
    private let received = Mutex<[UInt8]>([])
    private let done = DispatchSemaphore(value: 0)

    var url: String { "http://127.0.0.1:\(port)" }

    /// - Parameters:
    ///   - answer: sent once the request holds `marker`.
    ///   - staysOpen: whether the connection is kept after the answer, until the client closes it.
    init(_ answer: String, after marker: String = "\r\n\r\n", staysOpen: Bool = false) throws {
        (listener, port) = try ScriptedServer.listenOnFreePort()
        DispatchQueue(label: "scripted server").async { [self] in
            serve(answer, marker, staysOpen)
            done.signal()
        }
    }

    private static func listenOnFreePort() throws -> (Int32, Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) | listen(listener, 1) | getsockname(listener, $0, &length)
            }
        }
        guard listener >= 0, result == 0 else { throw ServerError.cannotListen(errno) }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }

    deinit {
        close(listener)
    }

    /// What the client sent, once the connection is over.
    func request() async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "waiting").async { [self] in
                done.wait()
                continuation.resume(returning: String(decoding: received.withLock { $0 }, as: UTF8.self))
            }
        }
    }

    private func serve(_ answer: String, _ marker: String, _ staysOpen: Bool) {
        let connection = accept(listener, nil, nil)
        defer { close(connection) }
        while !String(decoding: received.withLock { $0 }, as: UTF8.self).contains(marker) {
            guard receive(connection) else { return }
        }
        _ = send(connection, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
        while staysOpen, receive(connection) {}
    }

    private func receive(_ connection: Int32) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(connection, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        received.withLock { $0 += buffer[..<count] }
        return true
    }
}

enum ServerError: Error {
    case cannotListen(Int32)
}
