import Files
import HTTPClient
import Synchronization

/// A file that is fetched by HTTP, straight to the disk.
struct Download: Sendable {
    private static let maximumRedirects = 10

    let url: String
    /// Must not exist yet; gone again if the download fails.
    let target: String
    let settings: AgentSettings

    func run() async throws {
        var url = self.url
        for _ in 0...Self.maximumRedirects {
            let answer = try await download(url)
            switch answer.status {
            case 200: return
            case 301, 302, 303, 307, 308:
                guard let location = answer.header("Location") else {
                    throw FetchError("the server answers \(answer.status) without saying where else to look")
                }
                url = Self.resolve(location, from: url)
            default: throw FetchError("the server answers \(answer.status) \(answer.reason)")
            }
        }
        throw FetchError("more than \(Self.maximumRedirects) redirects")
    }

    private func download(_ url: String) async throws -> HTTPResponse {
        let file = try DownloadFile(target, limit: settings.fetchLimit)
        do {
            let answer = try await HTTPClient.download(url: url, stallLimit: settings.fetchStallLimit) {
                try file.write($0)
            }
            if answer.status == 200 { try file.close() } else { try removeFile(target) }
            return answer
        } catch {
            try? removeFile(target)
            throw error
        }
    }

    /// Where a Location header leads (RFC 9110, 10.2.2).
    static func resolve(_ location: String, from url: String) -> String {
        if location.contains("://") { return location }
        guard let colon = url.firstRange(of: "://") else { return location }
        if location.hasPrefix("//") { return url[..<colon.lowerBound] + ":" + location }
        let base = url.prefix { $0 != "?" && $0 != "#" }
        let path = base[colon.upperBound...].firstIndex(of: "/") ?? base.endIndex
        if location.hasPrefix("/") { return base[..<path] + location }
        let folder = base[path...].lastIndex(of: "/").map { base[...$0] } ?? base + "/"
        return folder + location
    }
}

/// The file of a download, written on the threads of its transfers, one at a time.
private final class DownloadFile: Sendable {
    private let state: Mutex<(file: File, written: Int64)>
    private let limit: Int64

    /// Throws `FileError`.
    init(_ path: String, limit: Int64) throws {
        state = Mutex((try File(creating: path), 0))
        self.limit = limit
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        try state.withLock { state in
            state.written += Int64(bytes.count)
            guard state.written <= limit else { throw FetchError("it is longer than \(limit) bytes") }
            try state.file.write(bytes)
        }
    }

    func close() throws { try state.withLock { try $0.file.close() } }
}
