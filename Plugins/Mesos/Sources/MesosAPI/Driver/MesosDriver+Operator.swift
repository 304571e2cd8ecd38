import CCurl

/// Why a master gives no answer: one line that names it.
public struct MesosOperatorError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The status of an answer that is no success; nil if there was no answer.
    public let status: Int?
    public let description: String
}

extension MesosDriver {
    private static let operatorPath = "/api/v1"

    /// Makes a call of Mesos's v1 operator API at the leader, as far as it is known; follows it if it has changed.
    ///
    /// Blocks the calling thread, for as long as a call may take at most (``MesosOptions/callTimeout``) at each of a few
    /// masters. Independent of the subscription.
    ///
    /// - Parameter json: such as `{"type":"GET_AGENTS"}`.
    /// - Returns: the answer's JSON, at most ``MesosOptions/maximumRecordBytes`` long.
    /// - Throws: ``MesosOperatorError``.
    public func operatorCall(json: String) throws(MesosOperatorError) -> [UInt8] {
        guard var endpoint = shared.endpoint else {
            throw MesosOperatorError(status: nil, description: "no leader is known at \(options.master)")
        }
        for _ in 0...Subscription.maximumRedirects {
            let (outcome, answer) = try ask(endpoint, json)
            switch (outcome, answer.status) {
            case (.failed(let reason), _), (.notTrusted(let reason), _):
                throw MesosOperatorError(status: nil, description: reason)
            case (.done, 200), (.done, 202):
                return answer.body
            case (.done, 307), (.done, 308):
                do throws(MasterAddressError) {
                    endpoint = try endpoint.redirected(to: answer.headers["location"] ?? "")
                } catch {
                    throw MesosOperatorError(
                        status: answer.status,
                        description: "\(endpoint) does not lead, but \(error)"
                    )
                }
            case (.done, let status):
                let text = oneLine(answer.body)
                throw MesosOperatorError(
                    status: status,
                    description: "\(endpoint) answers \(status)" + (text.isEmpty ? "" : ": " + text)
                )
            }
        }
        throw MesosOperatorError(status: 307, description: "\(endpoint) and others redirect to each other")
    }

    private func ask(
        _ endpoint: MesosEndpoint,
        _ json: String
    ) throws(MesosOperatorError) -> (HTTPOutcome, HTTPAnswer) {
        var headers = [("Content-Type", "application/json"), ("Accept", "application/json")]
        if let authorization { headers.append(("Authorization", authorization)) }
        let request = HTTPRequest(
            endpoint: endpoint,
            path: Self.operatorPath,
            headers: headers,
            body: Array(json.utf8),
            tls: options.tls,
            connectTimeout: options.connectTimeout,
            timeout: options.callTimeout
        )
        do throws(MesosOptionsError) {
            // A multi of this thread's own, with one transfer.
            let multi = try CurlMulti(CurlLibrary.shared.get())
            defer { multi.close() }
            let transfer = CurlTransfer(request, on: multi, isApart: true, .whole(options.maximumRecordBytes))
            defer { transfer.end() }
            while true {
                if let outcome = transfer.outcome { return (outcome, transfer.answer) }
                if let trouble = multi.run(for: .seconds(1)) {
                    throw MesosOptionsError("libcurl fails: \(trouble)")
                }
            }
        } catch {
            throw MesosOperatorError(status: nil, description: "cannot ask \(endpoint): \(error)")
        }
    }
}
