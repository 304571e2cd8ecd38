import Glibc

/// The kernel's notices of what happens in directories.
struct Inotify: Sendable {
    struct Event {
        /// The directory's watch; nil if the kernel has lost events, and anything may have happened.
        let watch: Int32?
        /// The file in the directory; nil for the directory itself.
        let name: String?
        /// Whether the watch has ended, because its directory has.
        let isLast: Bool
    }

    private let descriptor: Descriptor

    /// To be used with a dispatch source; closed with the last copy of this value.
    var raw: Int32 { descriptor.raw }

    init() throws {
        let raw = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        descriptor = try Descriptor(takingOwnershipOf: raw, path: "inotify", action: "open")
    }

    /// Watches what appears in a directory, goes, or is rewritten; nil if there is no directory at the path.
    ///
    /// A file that is created in place is told when its writer closes it: before, it is not whole.
    func watch(_ path: String, followsLinks: Bool) throws -> Int32? {
        let events =
            IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF
        let options = UInt32(IN_ONLYDIR) | (followsLinks ? 0 : UInt32(IN_DONT_FOLLOW))
        let watch = inotify_add_watch(raw, path, UInt32(events) | options)
        if watch < 0, [ENOENT, ENOTDIR, ELOOP, EACCES].contains(errno) { return nil }
        guard watch >= 0 else { throw FileFailure("watch", path) }
        return watch
    }

    func remove(_ watch: Int32) {
        inotify_rm_watch(raw, watch)
    }

    /// The events since the last call.
    func events() -> [Event] {
        var events: [Event] = []
        let size = 16 * 1024
        withUnsafeTemporaryAllocation(byteCount: size, alignment: MemoryLayout<inotify_event>.alignment) { buffer in
            while true {
                let count = retrying { read(raw, buffer.baseAddress, size) }
                guard count > 0 else { return }
                events += Self.parse(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        return events
    }

    private static func parse(_ buffer: UnsafeRawBufferPointer) -> [Event] {
        let headerSize = MemoryLayout<inotify_event>.size
        var events: [Event] = []
        var offset = 0
        while offset + headerSize <= buffer.count {
            let header = buffer.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
            let name = buffer[(offset + headerSize)...].prefix(Int(header.len)).prefix { $0 != 0 }
            offset += headerSize + Int(header.len)
            let isFile = header.mask & UInt32(IN_ISDIR) == 0
            if header.mask & UInt32(IN_CREATE) != 0, isFile { continue }
            events.append(
                Event(
                    watch: header.mask & UInt32(IN_Q_OVERFLOW) == 0 ? header.wd : nil,
                    name: name.isEmpty ? nil : String(decoding: name, as: UTF8.self),
                    isLast: header.mask & UInt32(IN_IGNORED) != 0
                )
            )
        }
        return events
    }
}
