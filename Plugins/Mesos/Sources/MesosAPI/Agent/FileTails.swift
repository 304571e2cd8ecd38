import MesosProtocol

/// The reads of files at agents that are under way or wait; for the driver's thread.
struct FileTails {
    private struct Read {
        let tail: FileTail
        /// Where the end begins; nil as long as the size of the file is being asked for.
        let offset: Int64?
        let transfer: CurlTransfer
    }

    /// What is waiting may be given up: it is for people to look at.
    static let maximumWaiting = 100
    private static let maximumReads = 4
    private static let connectTimeout = Duration.seconds(3)
    private static let timeout = Duration.seconds(10)
    /// How much of a file is read: less than the 64 KiB that an agent gives at most.
    private static let maximumBytes: Int64 = 4096
    /// JSON may take six bytes for one.
    private static let maximumAnswerBytes = 64 << 10

    private let tls: MesosOptions.TLSOptions
    private let multi: CurlMulti
    private var waiting: [FileTail] = []
    private var reads: [Read] = []

    init(_ options: MesosOptions, on multi: CurlMulti) {
        tls = options.tls
        self.multi = multi
    }

    mutating func add(_ tail: FileTail) {
        guard waiting.count < Self.maximumWaiting else { return tail.fail("too many files are being read") }
        waiting.append(tail)
        startWaiting()
    }

    /// Takes what has come.
    mutating func follow() {
        var under: [Read] = []
        for read in reads {
            guard let outcome = read.transfer.outcome else {
                under.append(read)
                continue
            }
            let answer = read.transfer.answer
            read.transfer.end()
            if let next = finish(read, outcome, answer) { under.append(next) }
        }
        reads = under
        startWaiting()
    }

    /// Ends all of them.
    mutating func removeAll(_ reason: String) {
        for read in reads {
            read.transfer.end()
            read.tail.fail(reason)
        }
        for tail in waiting { tail.fail(reason) }
        (reads, waiting) = ([], [])
    }

    private mutating func startWaiting() {
        while reads.count < Self.maximumReads, !waiting.isEmpty {
            reads.append(start(waiting.removeFirst(), from: nil))
        }
    }

    private func start(_ tail: FileTail, from offset: Int64?) -> Read {
        var path = "/files/read?path=" + percentEncoded(tail.path)
        if let offset { path += "&offset=\(offset)&length=\(Self.maximumBytes)" }
        let request = HTTPRequest(
            endpoint: tail.agent,
            path: path,
            headers: [("Accept", "application/json")],
            body: nil,
            tls: tls,
            connectTimeout: Self.connectTimeout,
            timeout: Self.timeout
        )
        let transfer = CurlTransfer(request, on: multi, isApart: true, .whole(Self.maximumAnswerBytes))
        return Read(tail: tail, offset: offset, transfer: transfer)
    }

    /// Tells what was read, or goes on with the next step.
    private func finish(_ read: Read, _ outcome: HTTPOutcome, _ answer: HTTPAnswer) -> Read? {
        let tail = read.tail
        switch outcome {
        case .failed(let reason), .notTrusted(let reason):
            tail.fail(reason)
            return nil
        case .done where answer.status != 200:
            tail.fail("\(tail.agent) answers \(answer.status)", status: answer.status)
            return nil
        case .done: break
        }
        guard let contents = try? MesosFilesContents(jsonUTF8Bytes: answer.body, options: Self.lenient) else {
            tail.fail("\(tail.agent) answers with something else than the contents of a file")
            return nil
        }
        guard let offset = read.offset else {
            return start(tail, from: max(0, contents.offset - Self.maximumBytes))
        }
        tail.completion(.success(Self.lines(contents.data, isWhole: offset == 0, tail.count)))
        return nil
    }

    /// The last lines; of a part of a file the first one is cut.
    private static func lines(_ text: String, isWhole: Bool, _ count: Int) -> [String] {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return lines.dropFirst(isWhole ? 0 : 1).map { oneLine(String($0)) }.filter { !$0.isEmpty }.suffix(count)
    }

    private static let lenient: JSONDecodingOptions = {
        var options = JSONDecodingOptions()
        options.ignoreUnknownFields = true
        return options
    }()
}

/// As a value of a query (RFC 3986).
private func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return text.utf8.reduce(into: "") { result, byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"), UInt8(ascii: "/"):
            result.unicodeScalars.append(Unicode.Scalar(byte))
        default: result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }
    }
}
