import Files

/// Brings a topology's package to where the containers can fetch it from.
///
/// The class behind `heron.class.uploader`. Implementations may block.
public protocol Uploader: Sendable {
    /// Uploads a package.
    ///
    /// Throws if the package could not be uploaded, or the task was cancelled; then nothing remains of it.
    ///
    /// - Parameter package: the path of the package on this machine.
    func upload(_ package: String) async throws -> any UploadedPackage

    /// Removes the package of a topology that was killed; fine if there is none.
    func remove() async throws
}

/// A package that was uploaded. Exactly one of ``keep()`` and ``undo()`` is to be called.
public protocol UploadedPackage: Sendable {
    /// From where containers fetch the package.
    var uri: String { get }

    /// The submission succeeded: gives up what was kept to undo the upload.
    func keep() async throws

    /// The submission failed: removes what this upload made, and brings back the package that it replaced.
    func undo() async throws
}

/// Why a package cannot be uploaded, as one line for the user.
public enum UploadError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `heron.class.uploader` names a class that Heron has and that is not implemented here yet.
    case notThereYet(className: String)
    /// `heron.class.uploader` names no uploader at all.
    case unknownClass(String)
    /// The uploader needs a setting that no file gives.
    case missingSetting(key: String)
    /// A name cannot be part of a package's file name.
    case badName(String)
    /// A `scheduler:` URI without a checksum.
    case badServedURI(String)
    /// The file is not the package that its URI names.
    case changed(path: String, uri: String)
    /// `heron.uploader.http.uri` is not `http` or `https`; it may hold a password and is not repeated.
    case badHTTPURI
    /// The package is too large for the uploader; the limit is in bytes.
    case tooLarge(path: String, limit: Int64)
    /// The server answered with an error.
    case refused(status: Int, reason: String)
    /// The server answered with something that is no URI.
    case noURI(answer: String)

    public var description: String {
        switch self {
        case .notThereYet(let className):
            "the uploader \(className) is not there yet; set heron.class.uploader to one of \(Uploaders.known)"
        case .unknownClass(let className):
            "unknown uploader \(quoted(className)) in heron.class.uploader; known are \(Uploaders.known)"
        case .missingSetting(let key):
            "\(key) is not set; set it in uploader.yaml"
        case .badName(let name):
            "\(quoted(name)) cannot be part of a package's file name; it must not be empty nor contain '/'"
        case .badServedURI(let uri):
            "package URI \(quoted(uri)) must be 'scheduler:' and a SHA-256 in 64 hexadecimal digits; submit again"
        case .changed(let path, let uri):
            "package \(quoted(path)) is not \(uri): its checksum is another one; submit again"
        case .badHTTPURI:
            "\(HTTPUploader.uriKey) must begin with http:// or https://; see uploader.yaml"
        case .tooLarge(let path, let limit):
            "package \(quoted(path)) is longer than \(limit) bytes, the most that is sent over HTTP; use another uploader"
        case .refused(let status, let reason):
            "the server of \(HTTPUploader.uriKey) refused the package: \(status) \(quoted(reason)); see its log"
        case .noURI(let answer):
            "the server of \(HTTPUploader.uriKey) answered with \(quoted(answer)) instead of the package's URI"
        }
    }
}
