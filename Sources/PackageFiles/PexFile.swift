import Files

/// Checks that a `.pex` file is what its name says, and that its members would stay within a folder.
///
/// A pex is a zip archive with something executable in front, and Python may unpack it where it runs. Only the names
/// in the archive's directory are read. Throws ``PackageError`` or `FileError`. Blocks.
public func checkPexFile(at path: String) throws {
    let archive = try ZipDirectory(File(reading: path), of: "a pex")
    for entry in archive.entries {
        func refusal(_ reason: String) -> PackageError {
            .unsafeMember(package: path, member: entry.name, reason: reason)
        }
        do throws(MemberPath.Refusal) {
            _ = try MemberPath(entry.name)
        } catch {
            throw refusal(error.reason)
        }
        if entry.isLink { throw refusal("it is a link") }
    }
}
