/// Takes the body of a response instead of memory.
struct BodySink: Sendable {
    let stallLimit: Duration
    let take: @Sendable (UnsafeRawBufferPointer) throws -> Void
}

extension HTTPClient {
    /// Gets what a URL names and hands it on piece by piece, whatever its length. Follows no redirect and uses no proxy.
    ///
    /// - Parameters:
    ///   - stallLimit: how long the server may keep silent; the whole may take any time.
    ///   - take: gets each piece of the body of an answer with status 200, valid for the call, on a thread that may be
    ///     blocked. An error that it throws ends the transfer.
    /// - Returns: the answer without its body, whatever its status.
    /// - Throws: ``HTTPClientError`` where no whole response came, what `take` throws, `CancellationError`.
    public static func download(
        url: String,
        stallLimit: Duration,
        take: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
    ) async throws -> HTTPResponse {
        let request = try HTTPRequest(
            method: "GET",
            url: url,
            headers: [],
            body: nil,
            timeout: .seconds(Int64(Int32.max)),
            maximumResponseBytes: 0
        )
        return try await perform(request, into: BodySink(stallLimit: stallLimit, take: take))
    }
}
