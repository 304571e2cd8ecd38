import CCurl

/// A POST to a master, or a GET from an agent.
struct HTTPRequest {
    let endpoint: MesosEndpoint
    /// Begins with a slash; with the query.
    let path: String
    /// Names and values that were checked.
    var headers: [(name: String, value: String)]
    /// What is posted; nil for a GET.
    let body: [UInt8]?
    let tls: MesosOptions.TLSOptions
    let connectTimeout: Duration
    /// For everything; nil for a stream without end.
    let timeout: Duration?

    /// Calls a body with the request as libcurl takes it; functions and context are left to be set.
    func withRequest<Result>(_ work: (inout ccurl_request) -> Result) -> Result {
        // The empty one keeps libcurl from waiting for a consent that Mesos never gives.
        let lines = ["Expect:"] + headers.map { "\($0.name): \($0.value)" }
        return withCStringArray(lines) { headers, count in
            withTLS { tls in
                (endpoint.url + path).withCString { url in
                    (body ?? []).withUnsafeBytes { bytes in
                        var request = ccurl_request()
                        request.url = url
                        request.headers = headers
                        request.header_count = count
                        // An empty array may have no address, and without one there would be no body.
                        if body != nil { request.body = bytes.baseAddress ?? UnsafeRawPointer(url) }
                        request.body_length = bytes.count
                        request.timeout_milliseconds = timeout.map { max(1, $0.milliseconds) } ?? 0
                        request.connect_timeout_milliseconds = max(1, connectTimeout.milliseconds)
                        request.tls = tls
                        return work(&request)
                    }
                }
            }
        }
    }

    private func withTLS<Result>(_ work: (UnsafePointer<ccurl_tls>) -> Result) -> Result {
        withOptionalCString(tls.caFile) { caFile in
            withOptionalCString(tls.certificateFile) { certificateFile in
                withOptionalCString(tls.keyFile) { keyFile in
                    var raw = ccurl_tls()
                    raw.ca_file = caFile
                    raw.certificate_file = certificateFile
                    raw.key_file = keyFile
                    raw.ignores_host = !tls.verifiesHost
                    return withUnsafePointer(to: raw, work)
                }
            }
        }
    }
}

private func withOptionalCString<Result>(_ text: String?, _ work: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let text else { return work(nil) }
    return text.withCString(work)
}

/// Calls a body with an array of C strings that live for the call.
private func withCStringArray<Result>(
    _ strings: [String],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?, Int) -> Result
) -> Result {
    let copies = strings.map { string in
        let bytes = UnsafeMutableBufferPointer<CChar>.allocate(capacity: string.utf8.count + 1)
        _ = bytes.initialize(from: string.utf8CString)
        return bytes
    }
    defer { copies.forEach { $0.deallocate() } }
    let pointers = copies.map { UnsafePointer($0.baseAddress) }
    return pointers.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
}
