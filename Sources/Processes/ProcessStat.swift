import Glibc

/// What the kernel says of one process, from `/proc/<pid>/stat`.
public struct ProcessStat: Sendable, Hashable {
    public let processID: Int32
    /// The executable's name, cut to 15 bytes by the kernel.
    public let name: String
    /// `R` running, `S` sleeping, `Z` dead and not yet collected by its parent, and so on.
    public let state: Character
    public let parent: Int32
    public let group: Int32
    public let session: Int32
    /// Clock ticks between the machine's boot and the start of the process.
    public let startTime: UInt64

    /// Whether it is dead, and only its parent has not noticed yet.
    public var isZombie: Bool { state == "Z" || state == "X" }

    /// The process with an id, or nil if there is none. Throws ``ProcessError`` if it cannot be looked at, for want of
    /// descriptors or memory: that says nothing about the process.
    public static func of(_ processID: Int32) throws(ProcessError) -> ProcessStat? {
        try readProcFile("/proc/\(processID)/stat").flatMap { ProcessStat(parsing: $0) }
    }

    /// All processes that this one may see. Throws ``ProcessError`` if not all can be looked at.
    public static func all() throws(ProcessError) -> [ProcessStat] {
        guard let directory = opendir("/proc") else { throw .system("cannot open /proc", errno) }
        defer { closedir(directory) }
        var found: [ProcessStat] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let processID = Int32(name), let stat = try of(processID) { found.append(stat) }
        }
        return found
    }

    /// Reads `pid (name) state ppid pgrp session …`; the name may hold blanks and parentheses, so the last `)` ends it.
    init?(parsing bytes: [UInt8]) {
        guard let open = bytes.firstIndex(of: UInt8(ascii: "(")), let close = bytes.lastIndex(of: UInt8(ascii: ")")),
            open < close
        else { return nil }
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        let fields = bytes[(close + 1)...].split(maxSplits: 20, whereSeparator: isBlank)
        // proc(5) counts the state as field 3 and the start time as field 22.
        guard fields.count > 19, let number = bytes[..<open].split(whereSeparator: isBlank).first,
            let processID = Int32(digits: number), let state = fields[0].first, let parent = Int32(digits: fields[1]),
            let group = Int32(digits: fields[2]), let session = Int32(digits: fields[3]),
            let startTime = UInt64(digits: fields[19])
        else { return nil }
        self.processID = processID
        self.name = String(decoding: bytes[(open + 1)..<close], as: UTF8.self)
        self.state = Character(Unicode.Scalar(state))
        self.parent = parent
        self.group = group
        self.session = session
        self.startTime = startTime
    }
}

extension FixedWidthInteger {
    /// A decimal number without a sign; some other fields of the file, not read here, can be negative.
    fileprivate init?(digits: ArraySlice<UInt8>) {
        var value: Self = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Self(digit - UInt8(ascii: "0")))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        guard !digits.isEmpty else { return nil }
        self = value
    }
}

/// A file of a process in `/proc`; nil if there is none, or it may not be read.
///
/// Throws ``ProcessError`` for want of descriptors or memory: who takes that for an answer takes a living process for a
/// dead one, and starts it twice. Stops at 4 MB.
public func readProcFile(_ path: String) throws(ProcessError) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
        if [EMFILE, ENFILE, ENOMEM].contains(errno) { throw .system("cannot open \(path)", errno) }
        return nil
    }
    defer { close(descriptor) }
    var content: [UInt8] = []
    while content.count < 4 << 20 {
        let piece = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
            count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
        }
        if piece.isEmpty { break }
        content += piece
    }
    return content
}
