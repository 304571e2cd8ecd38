import Dispatch
import Synchronization

/// A plain HTTP client over libcurl, for the few requests that a command or a service makes.
public enum HTTPClient {
    /// Sends a request and takes in the whole response. Follows no redirect and uses no proxy.
    ///
    /// The request blocks a thread outside Swift's cooperative pool. A cancelled task's request ends within a second.
    ///
    /// - Parameters:
    ///   - method: capital letters.
    ///   - url: `http://` or `https://`.
    ///   - body: nil for a request without one, which is not the same as an empty one.
    ///   - timeout: for everything: name look-up, connection, request and response.
    ///   - maxResponseBytes: the longest body that is taken.
    /// - Throws: ``HTTPClientError`` where no whole response came, `CancellationError`. An error status is no error here.
    public static func request(
        method: String,
        url: String,
        headers: [(String, String)] = [],
        body: [UInt8]? = nil,
        timeout: Duration,
        maxResponseBytes: Int
    ) async throws -> HTTPResponse {
        let request = try HTTPRequest(
            method: method,
            url: url,
            headers: headers,
            body: body,
            timeout: timeout,
            maximumResponseBytes: maxResponseBytes
        )
        return try await perform(request, into: nil)
    }

    /// Performs a request on a thread of its own.
    static func perform(_ request: HTTPRequest, into sink: BodySink?) async throws -> HTTPResponse {
        try Task.checkCancellation()
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // A queue of its own has a thread of its own.
                DispatchQueue(label: "http request").async {
                    continuation.resume(
                        with: Result { try CurlLibrary.shared.get().perform(request, cancellation, into: sink) }
                    )
                }
            }
        } onCancel: {
            cancellation.request()
        }
    }
}

/// Tells the thread of a request that nobody waits for it any more.
final class Cancellation: Sendable {
    private let flag = Atomic(false)

    var isRequested: Bool { flag.load(ordering: .relaxed) }

    func request() {
        flag.store(true, ordering: .relaxed)
    }
}
