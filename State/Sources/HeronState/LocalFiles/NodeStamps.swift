/// What the tree's files cannot say of a node: its version, and who owns it if it is ephemeral.
struct NodeStamp: Hashable {
    let version: Int32
    /// The file that the stamp is about.
    let identity: FileIdentity
    /// Nil for a persistent node.
    let owner: ProcessOwner?
}

/// A node's stamps, a small text file of its own outside Heron's directories.
///
/// It is written before the node's file is replaced and holds the stamps of the new file and of the old one: whichever
/// a crash leaves in place has its stamp. A file that has none was written by one of Heron's own tools.
struct NodeStamps: Hashable {
    let path: String
    let stamps: [NodeStamp]

    /// The stamp of the file with this identity.
    func stamp(of identity: FileIdentity) -> NodeStamp? {
        stamps.first { $0.identity == identity }
    }

    /// The version of a file that another tool wrote: some number that changes with the file, far from counted ones.
    static func derivedVersion(of identity: FileIdentity) -> Int32 {
        var hash = FNV1a()
        for number in [Int(truncatingIfNeeded: identity.inode), identity.seconds, identity.nanoseconds, identity.size] {
            withUnsafeBytes(of: number) { hash.combine($0) }
        }
        return 0x4000_0000 | Int32(truncatingIfNeeded: hash.value & 0x1FFF_FFFF)
    }

    /// The name of the file with a node's stamps: fixed length, because a path may be longer than a file's name.
    static func fileName(of path: String) -> String {
        var (first, second) = (FNV1a(), FNV1a())
        second.combine([0xFF])
        for byte in path.utf8 {
            first.combine([byte])
            second.combine([byte])
        }
        return [first, second].map { String($0.value, radix: 36) }.joined(separator: "-")
    }
}

extension NodeStamps {
    /// The text form: `path P`, then `stamp VERSION INODE SECONDS NANOSECONDS SIZE [PID START BOOT-ID SESSION]` lines.
    var text: String {
        var lines = ["path \(path)"]
        for stamp in stamps {
            let identity = stamp.identity
            var line = "stamp \(stamp.version) \(identity.inode) \(identity.seconds) \(identity.nanoseconds)"
            line += " \(identity.size)"
            if let owner = stamp.owner {
                line += " \(owner.pid) \(owner.startTime) \(owner.bootID) \(owner.session)"
            }
            lines.append(line)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Nil if the text is not a whole one: after a power failure it may be cut off, and then counts as missing.
    init?(text: String) {
        guard text.hasSuffix("\n") else { return nil }
        let lines = text.split(separator: "\n")
        guard let first = lines.first, first.hasPrefix("path ") else { return nil }
        path = String(first.dropFirst("path ".count))
        var stamps: [NodeStamp] = []
        for line in lines.dropFirst() {
            guard let stamp = NodeStamp(line: line) else { return nil }
            stamps.append(stamp)
        }
        self.stamps = stamps
    }
}

extension NodeStamp {
    fileprivate init?(line: Substring) {
        let fields = line.split(separator: " ")
        guard fields.count == 6 || fields.count == 10, fields[0] == "stamp", let version = Int32(fields[1]),
            let inode = UInt64(fields[2]), let seconds = Int(fields[3]), let nanoseconds = Int(fields[4]),
            let size = Int(fields[5])
        else { return nil }
        self.version = version
        identity = FileIdentity(inode: inode, seconds: seconds, nanoseconds: nanoseconds, size: size)
        guard fields.count == 10 else {
            owner = nil
            return
        }
        guard let pid = Int32(fields[6]), let start = UInt64(fields[7]) else { return nil }
        owner = ProcessOwner(pid: pid, startTime: start, bootID: String(fields[8]), session: String(fields[9]))
    }
}

/// The 64-bit FNV-1a hash, which is the same in every process.
private struct FNV1a {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func combine(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
        }
    }
}
