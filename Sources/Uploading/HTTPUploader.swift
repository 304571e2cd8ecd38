import Files
import Glibc
import HTTPClient

/// Sends packages to a server that keeps them and says from where they can be fetched.
///
/// As Heron's own: a POST of `multipart/form-data` (RFC 7578) with the package as the part `file`; the text of the
/// answer is the package's URI. Heron defines no way to remove a package again, so that is left to the server.
public struct HTTPUploader: Uploader {
    static let uriKey = "heron.uploader.http.uri"

    private let uri: String
    /// The longest package that is sent, in bytes: it is held in memory meanwhile.
    private let limit: Int64

    /// An answer that is longer is no URI.
    private static let answerLimit = 4096
    /// How long a server may take beyond the time that the package needs at `slowest` bytes a second.
    private static let patience = Duration.seconds(60)
    private static let slowest: Int64 = 1 << 20

    /// - Parameter uri: `heron.uploader.http.uri`. Throws ``UploadError/badHTTPURI`` unless it is `http` or `https`.
    public init(uri: String) throws {
        try self.init(uri: uri, limit: 1 << 30)
    }

    init(uri: String, limit: Int64) throws {
        guard ["http://", "https://"].contains(where: uri.lowercased().hasPrefix) else { throw UploadError.badHTTPURI }
        self.uri = uri
        self.limit = limit
    }

    /// Throws ``UploadError``, `FileError`, `HTTPClientError`, or `CancellationError` if the task was cancelled.
    public func upload(_ package: String) async throws -> any UploadedPackage {
        let form = try MultipartForm(file: package, limit: limit)
        let response = try await HTTPClient.request(
            method: "POST",
            url: uri,
            headers: [("Content-Type", form.contentType)],
            body: form.body,
            timeout: HTTPUploader.patience + .seconds(Int64(form.body.count) / HTTPUploader.slowest),
            maxResponseBytes: HTTPUploader.answerLimit
        )
        guard (200..<300).contains(response.status) else {
            throw UploadError.refused(status: response.status, reason: response.reason)
        }
        return Sent(uri: try HTTPUploader.packageURI(response.body))
    }

    public func remove() {}

    private struct Sent: UploadedPackage {
        let uri: String

        func keep() {}
        func undo() {}
    }

    /// The URI that an answer consists of. A server's page or error text must not pass for one.
    private static func packageURI(_ body: [UInt8]) throws -> String {
        let isBlank: (UInt8) -> Bool = { [0x09, 0x0A, 0x0D, 0x20].contains($0) }
        let text = Array(Array(body.drop(while: isBlank).reversed()).drop(while: isBlank).reversed())
        let letters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.".utf8)
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")), colon > 0, colon < text.count - 1,
            text[..<colon].allSatisfy(letters.contains),
            text.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw UploadError.noURI(answer: String(decoding: body.prefix(100), as: UTF8.self)) }
        return String(decoding: text, as: UTF8.self)
    }
}

/// A form with one file, ready to be sent.
private struct MultipartForm {
    let contentType: String
    let body: [UInt8]

    /// Throws ``UploadError/tooLarge(path:limit:)`` or `FileError`.
    init(file path: String, limit: Int64) throws {
        let input = try File(reading: path)
        let size: Int64 = try input.status().size
        guard size <= limit else { throw UploadError.tooLarge(path: path, limit: limit) }
        // So long and random that the file does not contain it.
        let boundary: String =
            "heron-" + (0..<4).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
        contentType = "multipart/form-data; boundary=\(boundary)"
        let head =
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"topology.tar.gz\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n"
        var body: [UInt8] = []
        body.reserveCapacity(Int(size) + 2 * head.utf8.count)
        body += head.utf8
        body += try input.bytes(at: 0, count: Int(size))
        body += "\r\n--\(boundary)--\r\n".utf8
        self.body = body
    }
}
