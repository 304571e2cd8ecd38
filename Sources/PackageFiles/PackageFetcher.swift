import Files
import Glibc

/// Fetches a package and unpacks it into a folder, as ``unpackPackage(at:into:limits:)`` does.
///
/// - Parameter uri: a path or a `file://` URI, as the uploader returned it or `heron.package.core.uri` says.
///
/// Throws ``PackageError`` or `FileError`, or `CancellationError` if the task was cancelled. Blocks.
public func fetchPackage(uri: String, into folder: String, limits: UnpackLimits = UnpackLimits()) throws {
    try unpackPackage(at: packagePath(uri: uri), into: folder, limits: limits)
}

/// Makes a folder that holds an unpacked package, such as `heron.package.core.directory`, available under a name of
/// its own, by a symbolic link.
///
/// - Parameters:
///   - folder: must exist.
///   - link: the link's path; nothing may be there yet.
///
/// Throws `FileError`.
public func linkPackage(folder: String, as link: String) throws {
    guard try FileStatus(following: folder).kind == .folder else { throw FileError("read", folder, code: ENOTDIR) }
    guard symlink(try absolutePath(folder), link) == 0 else { throw FileError("create the link", link, code: errno) }
}

/// The path of a package on this machine. Throws ``PackageError/unsupportedURI(uri:reason:)``.
func packagePath(uri: String) throws -> String {
    guard let colon = uri.firstRange(of: "://") else {
        guard !uri.isEmpty else { throw PackageError.unsupportedURI(uri: uri, reason: "it is empty") }
        return uri
    }
    let scheme: String = uri[..<colon.lowerBound].lowercased()
    guard scheme == "file" else {
        let known = "only file:// and paths are fetched"
        let reason: String = ["http", "https"].contains(scheme) ? "\(scheme) is not there yet; \(known)" : known
        throw PackageError.unsupportedURI(uri: uri, reason: reason)
    }
    let rest: Substring = uri[colon.upperBound...]
    let path: Substring = rest.hasPrefix("localhost/") ? rest.dropFirst("localhost".count) : rest
    guard path.hasPrefix("/") else {
        throw PackageError.unsupportedURI(uri: uri, reason: "a file URI must name an absolute path: file:///…")
    }
    guard let decoded = percentDecoded(path) else {
        throw PackageError.unsupportedURI(uri: uri, reason: "it has a '%' that is not followed by two hex digits")
    }
    return decoded
}

/// Replaces each `%41` by the byte it stands for; nil if the text or its result is malformed.
private func percentDecoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest: Substring.UTF8View = text.utf8
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        let digits = String(decoding: rest.prefix(2), as: UTF8.self)
        guard digits.utf8.count == 2, digits.first?.isHexDigit == true, let value = UInt8(digits, radix: 16), value != 0
        else { return nil }
        bytes.append(value)
        rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
}
