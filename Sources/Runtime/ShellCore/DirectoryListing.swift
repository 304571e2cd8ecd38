import Glibc

/// The entries of one directory, as `ls -al` shows them.
struct DirectoryListing {
    /// One file, directory or link.
    struct Entry {
        let name: String
        /// Mode, links, owner, group, size and time of change, as `ls -l` puts them before the name.
        let formattedStat: String
        /// Whether it is a directory, or a link to one.
        let isDirectory: Bool
    }

    /// More entries than these are left out.
    static let maxEntries = 10_000

    /// In the order of their names; never with `.` and `..`.
    let entries: [Entry]
    /// The directory above, under the name `..`; nil if it is gone.
    let parent: Entry?

    /// Reads a directory; takes ownership of the descriptor.
    init(takingOwnershipOf descriptor: Int32) throws {
        guard let stream = fdopendir(descriptor) else {
            let code = errno
            close(descriptor)
            throw ShellError(.internalError, "cannot read the directory: \(systemMessage(code))")
        }
        defer { closedir(stream) }
        var names = OwnerNames()
        var entries: [Entry] = []
        while entries.count < DirectoryListing.maxEntries, let next = readdir(stream) {
            let name = DirectoryListing.name(of: next)
            guard name != ".", name != "..", let entry = Entry(name: name, in: descriptor, &names) else { continue }
            entries.append(entry)
        }
        self.entries = entries.sorted { $0.name < $1.name }
        parent = Entry(name: "..", in: descriptor, &names)
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
    }
}

extension DirectoryListing.Entry {
    /// Nil for a file that has gone since its name was read.
    fileprivate init?(name: String, in directory: Int32, _ owners: inout OwnerNames) {
        var info = stat()
        guard fstatat(directory, name, &info, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        var target = stat()
        let isLinkToDirectory = fstatat(directory, name, &target, 0) == 0 && target.st_mode & S_IFMT == S_IFDIR
        let columns = [
            modeText(info.st_mode), padded(String(info.st_nlink), 3), padded(owners.user(info.st_uid), 10),
            padded(owners.group(info.st_gid), 10), padded(String(info.st_size), 10), timeText(info.st_mtim.tv_sec),
        ]
        self.init(name: name, formattedStat: columns.joined(separator: " "), isDirectory: isLinkToDirectory)
    }
}

/// Names of users and groups, each looked up once per listing.
private struct OwnerNames {
    private var users: [uid_t: String] = [:]
    private var groups: [gid_t: String] = [:]

    mutating func user(_ id: uid_t) -> String {
        if let known = users[id] { return known }
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4096)
        getpwuid_r(id, &entry, &buffer, buffer.count, &found)
        let name = found.map { String(cString: $0.pointee.pw_name) } ?? String(id)
        users[id] = name
        return name
    }

    mutating func group(_ id: gid_t) -> String {
        if let known = groups[id] { return known }
        var entry = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        var buffer = [CChar](repeating: 0, count: 4096)
        getgrgid_r(id, &entry, &buffer, buffer.count, &found)
        let name = found.map { String(cString: $0.pointee.gr_name) } ?? String(id)
        groups[id] = name
        return name
    }
}

private func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

/// `drwxr-xr-x` and the like.
func modeText(_ mode: mode_t) -> String {
    let type: Character =
        switch mode & S_IFMT {
        case S_IFDIR: "d"
        case S_IFLNK: "l"
        case S_IFIFO: "p"
        case S_IFSOCK: "s"
        case S_IFBLK: "b"
        case S_IFCHR: "c"
        default: "-"
        }
    let letters = Array("rwxrwxrwx")
    let permissions = letters.indices.map { mode & (0o400 >> mode_t($0)) != 0 ? letters[$0] : "-" }
    return String([type] + permissions)
}

/// Day and time, or day and year if it is older than half a year, in the machine's time zone.
private func timeText(_ seconds: time_t) -> String {
    var moment = seconds
    var fields = tm()
    localtime_r(&moment, &fields)
    let isOld = time(nil) - seconds > 180 * 86_400
    var buffer = [CChar](repeating: 0, count: 64)
    let length = strftime(&buffer, buffer.count, isOld ? "%b %d  %Y" : "%b %d %H:%M", &fields)
    return String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
}
