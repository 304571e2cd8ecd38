import CCurl

/// What has come of a response so far.
struct HTTPAnswer {
    /// What to do with a body.
    enum BodyPolicy {
        /// Keep all of it until it is taken.
        case stream
        /// Keep so many bytes of its beginning.
        case beginning(Int)
        /// Take no more than so many bytes.
        case whole(Int)
    }

    /// All header lines together; libcurl bounds a single one.
    private static let maximumHeadBytes = 256 * 1024

    private let policy: BodyPolicy
    /// 0 as long as there is no response.
    private(set) var status = 0
    /// By name in lower case; of several the last.
    private(set) var headers: [String: String] = [:]
    private(set) var body: [UInt8] = []
    private(set) var isTooLarge = false
    private var headBytes = 0

    init(_ policy: BodyPolicy) {
        self.policy = policy
    }

    /// Takes a line of the head; false if the heads get too long. A status line begins the head anew, because interim
    /// responses come before the one that counts.
    mutating func addHeader(_ data: UnsafeRawBufferPointer) -> Bool {
        headBytes += data.count
        isTooLarge = headBytes > Self.maximumHeadBytes
        guard !isTooLarge else { return false }
        let line = String(decoding: data, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            let words = line.split(separator: " ", maxSplits: 2)
            status = words.count > 1 ? Int(trimmed(words[1])) ?? 0 : 0
            headers = [:]
        } else if let colon = line.firstIndex(of: ":") {
            headers[line[..<colon].lowercased()] = String(trimmed(line[line.index(after: colon)...]))
        }
        return true
    }

    /// Takes a piece of the body; false if it gets too long.
    mutating func addBody(_ data: UnsafeRawBufferPointer) -> Bool {
        switch policy {
        case .stream:
            body.append(contentsOf: data)
        case .beginning(let limit):
            body.append(contentsOf: data.prefix(max(0, limit - body.count)))
        case .whole(let limit):
            isTooLarge = data.count > limit - body.count
            guard !isTooLarge else { return false }
            body.append(contentsOf: data)
        }
        return true
    }

    /// Takes away what has come of the body.
    mutating func takeBody() -> [UInt8] {
        defer { body = [] }
        return body
    }
}

/// How a transfer ended.
enum HTTPOutcome: Sendable, Hashable {
    case done
    /// Without a whole response; the reason names the place, and is one line.
    case failed(String)
    /// TLS cannot work with these certificates.
    case notTrusted(String)

    init(_ result: ccurl_result, _ request: HTTPRequest) {
        let place = request.endpoint.place
        switch result.outcome {
        case CCURL_DONE:
            self = .done
        case CCURL_UNKNOWN_HOST:
            self = .failed("cannot reach \(place): the host is not known")
        case CCURL_NOT_CONNECTED:
            let reason = result.system_error == 0 ? result.text : systemText(result.system_error)
            self = .failed("cannot reach \(place): \(reason)")
        case CCURL_TIMED_OUT:
            self = .failed("no connection to \(place), or no answer from there, in time")
        case CCURL_BAD_CERTIFICATE:
            self = .notTrusted("TLS with \(place) fails: \(result.text)")
        default:
            self = .failed("the connection to \(place) broke: \(result.text)")
        }
    }
}

extension ccurl_result {
    /// libcurl's words.
    fileprivate var text: String {
        withUnsafeBytes(of: message) { bytes in oneLine(bytes.prefix { $0 != 0 }) }
    }
}
