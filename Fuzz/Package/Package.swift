import Files
import FuzzSupport
import Glibc
import PackageFiles

private let folder = ScratchFolder()
private let limits = UnpackLimits(members: 1000, bytes: 1 << 20)

/// A package or a jar from somewhere: nothing of it leaves the folder that it is unpacked into.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPackage(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let path = folder.file("package", UnsafeBufferPointer(start: start, count: count))
    let around = "\(folder.path)/around"
    guard mkdir(around, 0o700) == 0 else { fatalError("cannot make \(around)") }
    let unpacked = (try? unpackPackage(at: path, into: "\(around)/target", limits: limits)) != nil
    do {
        let beside = try folderEntries(around)
        guard beside == (unpacked ? ["target"] : []) else { fatalError("beside the folder: \(beside)") }
        if unpacked { expectInside("\(around)/target", root: "\(around)/target") }
        try removeTree(around)
    } catch {
        fatalError("\(error)")
    }
    if let jar = try? JarFile(path: path) { for name in jar.classNames { _ = try? jar.javaVersion(of: name) } }
    return 0
}

/// Links lead nowhere, or to something within.
private func expectInside(_ path: String, root: String) {
    for name in (try? folderEntries(path)) ?? [] {
        let entry = "\(path)/\(name)"
        var status = stat()
        guard lstat(entry, &status) == 0 else { fatalError("\(entry) has vanished") }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: expectInside(entry, root: root)
        case S_IFREG: continue
        case S_IFLNK:
            guard let target = realpath(entry, nil) else { continue }
            defer { free(target) }
            let resolved = String(cString: target)
            guard resolved == root || resolved.hasPrefix(root + "/") else {
                fatalError("\(entry) leads to \(resolved)")
            }
        default: fatalError("\(entry) is neither a file, a folder nor a link")
        }
    }
}
