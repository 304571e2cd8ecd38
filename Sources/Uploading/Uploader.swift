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

    public var description: String {
        switch self {
        case .notThereYet(let className):
            "the uploader \(className) is not there yet; set heron.class.uploader to "
                + "\(Uploaders.localFileSystem)"
        case .unknownClass(let className):
            "unknown uploader \(quoted(className)) in heron.class.uploader; known are "
                + "\(Uploaders.localFileSystem), \(Uploaders.null)"
        case .missingSetting(let key):
            "\(key) is not set; set it in uploader.yaml"
        case .badName(let name):
            "\(quoted(name)) cannot be part of a package's file name; it must not be empty nor contain '/'"
        }
    }
}
