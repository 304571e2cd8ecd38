/// Whether a package has a member of that name, `heron-core/bin/heron-stmgr`.
///
/// - Parameter uri: a path or a `file://` URI.
///
/// Throws ``PackageError`` or `FileError`. Blocks: the whole archive is read unless the member is found.
public func packageHasMember(_ name: String, uri: String, limits: UnpackLimits = UnpackLimits()) throws -> Bool {
    let reader = try TarReader(GzipReader(path: packagePath(uri: uri), limit: limits.bytes))
    while let member = try reader.next() {
        if member.name == name || member.name == "./\(name)" { return true }
    }
    return false
}
