import Files
import Glibc

/// How much unpacking a package may produce.
public struct UnpackLimits: Sendable {
    /// Members, of whatever kind.
    public var members: Int
    /// Bytes, the archive's own overhead included.
    public var bytes: Int64

    public init(members: Int = 200_000, bytes: Int64 = 32 << 30) {
        self.members = members
        self.bytes = bytes
    }
}

/// Unpacks a tar archive, compressed with gzip or not, into a folder, which is created if it is missing.
///
/// All or nothing: members are unpacked beside the others in a hidden folder and moved when all are there. No member
/// can end up outside the folder, replace something that was in it, or be anything but a file, a folder or a link
/// within the folder. Permissions are kept, except those that change a process's user; owners are not.
///
/// Throws ``PackageError`` or `FileError`, or `CancellationError` if the task was cancelled. Blocks.
public func unpackPackage(at package: String, into folder: String, limits: UnpackLimits = UnpackLimits()) throws {
    let created: [String] = try createFolders(folder)
    let staging = "\(folder)/\(temporaryName(for: "unpacking"))"
    do {
        let reader = try TarReader(GzipReader(path: package, limit: limits.bytes))
        guard mkdir(staging, 0o700) == 0 else { throw FileError("create the folder", staging, code: errno) }
        var unpacker = Unpacker(package: package, root: staging, limits: limits)
        try unpacker.unpack(reader)
        try moveEntries(of: staging, to: folder, package: package)
        try removeTree(staging)
    } catch {
        try? removeTree(staging)
        removeFoldersIfEmpty(created)
        throw error
    }
}

/// Moves everything in one folder to another, where nothing of the same name may be; if that fails, moves it back.
private func moveEntries(of source: String, to target: String, package: String) throws {
    let names: [String] = try folderEntries(source)
    for name in names where try FileStatus.ifPresent("\(target)/\(name)") != nil {
        throw PackageError.alreadyExists(package: package, path: "\(target)/\(name)")
    }
    for (index, name) in names.enumerated() {
        do {
            try renameFile("\(source)/\(name)", to: "\(target)/\(name)")
        } catch {
            for moved in names[..<index] { try? renameFile("\(target)/\(moved)", to: "\(source)/\(moved)") }
            throw error
        }
    }
}

/// Writes the members of an archive into an empty folder that no one else uses.
///
/// What it made there it remembers, and writes through nothing else: a member below a link is refused.
private struct Unpacker {
    private enum Made {
        case file
        case folder
        case link
    }

    private let package: String
    private let root: String
    private let limits: UnpackLimits
    private var made: [String: Made] = [:]
    private var count = 0

    init(package: String, root: String, limits: UnpackLimits) {
        self.package = package
        self.root = root
        self.limits = limits
    }

    mutating func unpack(_ reader: TarReader) throws {
        while let member = try reader.next() {
            try Task.checkCancellation()
            count += 1
            guard count <= limits.members else {
                throw PackageError.tooLarge(package: package, reason: "it has more than \(limits.members) members")
            }
            do {
                try place(member, content: reader)
            } catch let refusal as MemberPath.Refusal {
                throw PackageError.unsafeMember(package: package, member: member.name, reason: refusal.reason)
            }
        }
        try reader.finish()
    }

    private mutating func place(_ member: TarMember, content: TarReader) throws {
        let path = try MemberPath(member.name)
        if path.components.isEmpty {
            guard member.kind == .folder else { throw MemberPath.Refusal(reason: "it is not a folder") }
            return
        }
        try makeFoldersAbove(path)
        switch member.kind {
        case .file: try writeFile(member, at: path, content: content)
        case .folder: try makeFolder(path.text, permissions: member.permissions)
        case .symbolicLink: try makeLink(to: member.linkTarget, at: path)
        case .hardLink: try makeHardLink(to: member.linkTarget, at: path)
        case .special: throw MemberPath.Refusal(reason: "it is a device or a named pipe")
        default: throw MemberPath.Refusal(reason: "it is neither a file, a folder nor a link")
        }
    }

    private mutating func makeFoldersAbove(_ path: MemberPath) throws {
        for depth in path.components.indices.dropFirst() {
            try makeFolder(path.components[..<depth].joined(separator: "/"), permissions: 0o755)
        }
    }

    private mutating func makeFolder(_ path: String, permissions: UInt32) throws {
        switch made[path] {
        case .folder: return
        case .file, .link: throw MemberPath.Refusal(reason: "'\(path)' in the package is not a folder")
        case nil:
            // Whatever the archive says, its owner can fill and remove it.
            guard mkdir(absolute(path), permissions | 0o700) == 0 else {
                throw FileError("create the folder", absolute(path), code: errno)
            }
            made[path] = .folder
        }
    }

    /// Makes room for a file or a link. As with tar, a later file replaces an earlier one of the same name.
    private func clear(_ path: MemberPath) throws {
        switch made[path.text] {
        case nil: return
        case .file: try removeFile(absolute(path.text))
        case .folder, .link: throw MemberPath.Refusal(reason: "the package has another member of this name")
        }
    }

    private mutating func writeFile(_ member: TarMember, at path: MemberPath, content: TarReader) throws {
        try clear(path)
        let file = try File(creating: absolute(path.text), permissions: member.permissions | 0o600)
        made[path.text] = .file
        try withUnsafeTemporaryAllocation(byteCount: 1 << 17, alignment: 16) { buffer in
            while case let count = try content.read(into: buffer), count > 0 {
                try Task.checkCancellation()
                try file.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        try file.setModified(member.modified)
        try file.close()
    }

    private mutating func makeLink(to target: String, at path: MemberPath) throws {
        try path.checkLink(to: target)
        guard made[path.text] == nil else {
            throw MemberPath.Refusal(reason: "the package has another member of this name")
        }
        guard symlink(target, absolute(path.text)) == 0 else {
            throw FileError("create the link", absolute(path.text), code: errno)
        }
        made[path.text] = .link
    }

    private mutating func makeHardLink(to target: String, at path: MemberPath) throws {
        guard let file = try? MemberPath(target).text, made[file] == .file, file != path.text else {
            throw MemberPath.Refusal(reason: "it is a link to '\(target)', which is no file before it in the package")
        }
        try clear(path)
        try linkFile(absolute(file), to: absolute(path.text))
        made[path.text] = .file
    }

    private func absolute(_ path: String) -> String { "\(root)/\(path)" }
}
