import Files

/// What the linker wrote into a library, read without trusting a byte of it; see elf(5).
///
/// Only of files of this machine's own kind: 64 bits, little-endian, and its processor.
package struct ELFFile {
    package struct Symbol: Hashable {
        package let name: String
        /// Whether another library has to offer it.
        package let isUndefined: Bool
        /// Whether it may be missing.
        package let isWeak: Bool
        /// Whether others can see it.
        package let isExported: Bool
    }

    /// The libraries that it needs, by the names under which they are looked for.
    package let needed: [String]
    /// Where it looks for them, with `$ORIGIN` as written.
    package let runPaths: [String]

    private let reader: ELFReader
    private static let sharedObject: UInt16 = 3

    /// Throws ``ELFError`` if it is not a shared library for this machine, or is damaged.
    package init(_ path: String) throws {
        reader = try ELFReader(path)
        let header = try reader.bytes(0, 64)
        try ELFFile.checkKind(header)
        let segments = try reader.table(header.number(32), header.small(54), count: Int(header.small(56)), least: 56)
        for segment in segments where try segment.number(0, width: 4) == 1 {
            try reader.check(segment.number(8), segment.number(32))
        }
        let dynamic = try ELFFile.dynamic(reader, segments)
        let strings = try ELFFile.dynamicStrings(reader, dynamic, segments)
        needed = try dynamic.filter { $0.tag == 1 }.map { try strings.text($0.value) }
        runPaths = try dynamic.filter { $0.tag == 29 || $0.tag == 15 }
            .flatMap { try strings.text($0.value).split(separator: ":").map(String.init) }
    }

    /// What the dynamic loader knows; nil if the file has no table of sections. Throws ``ELFError``.
    package func symbols() throws -> [Symbol]? {
        let header = try reader.bytes(0, 64)
        let sections = try reader.table(header.number(40), header.small(58), count: Int(header.small(60)), least: 64)
        return try ELFFile.symbols(reader, sections)
    }

    private static func checkKind(_ header: ELFBytes) throws {
        guard try header.number(0, width: 4) == 0x464C_457F else { throw ELFError("is not a library (ELF)") }
        let kind = try (header.number(4, width: 1), header.number(5, width: 1))
        guard kind == (2, 1) else {
            let bits = kind.0 == 1 ? "32" : "64"
            let order = kind.1 == 2 ? "big-endian" : "little-endian"
            throw ELFError("is for a machine of \(bits) bits, \(order); this one has 64 bits, little-endian")
        }
        let machine = try header.small(18)
        guard machine == Machine.own.number else {
            throw ELFError("is for \(Machine.name(machine)), this machine is \(Machine.own.name)")
        }
        guard try header.small(16) == sharedObject else { throw ELFError("is not a shared library") }
    }

    private struct Entry {
        let tag: UInt64
        let value: UInt64
    }

    /// The dynamic section: where segment type 2 lies in the file.
    private static func dynamic(_ reader: ELFReader, _ segments: [ELFBytes]) throws -> [Entry] {
        guard let segment = try segments.first(where: { try $0.number(0, width: 4) == 2 }) else {
            throw ELFError("has no dynamic section")
        }
        let bytes = try reader.bytes(segment.number(8), segment.number(32))
        var entries: [Entry] = []
        for offset in stride(from: 0, to: bytes.count - bytes.count % 16, by: 16) {
            let entry = Entry(tag: try bytes.number(offset), value: try bytes.number(offset + 8))
            if entry.tag == 0 { break }
            entries.append(entry)
        }
        return entries
    }

    /// The strings that dynamic entries point to; these name an address, which a segment maps to a place in the file.
    private static func dynamicStrings(
        _ reader: ELFReader,
        _ dynamic: [Entry],
        _ segments: [ELFBytes]
    ) throws -> ELFBytes {
        guard let address = dynamic.first(where: { $0.tag == 5 })?.value,
            let size = dynamic.first(where: { $0.tag == 10 })?.value
        else { throw ELFError("has no table of names") }
        for segment in segments where try segment.number(0, width: 4) == 1 {
            let (start, length) = try (segment.number(16), segment.number(32))
            guard address >= start, address - start < length else { continue }
            let (offset, overflow) = try segment.number(8).addingReportingOverflow(address - start)
            guard !overflow else { break }
            return try reader.bytes(offset, size)
        }
        throw ELFError("has its table of names nowhere in the file")
    }

    private static func symbols(_ reader: ELFReader, _ sections: [ELFBytes]) throws -> [Symbol]? {
        guard let section = try sections.first(where: { try $0.number(4, width: 4) == 11 }) else { return nil }
        let link = Int(try section.number(40, width: 4))
        guard sections.indices.contains(link) else { throw ELFError("has symbols without names") }
        let names = try reader.bytes(sections[link].number(24), sections[link].number(32))
        let bytes = try reader.bytes(section.number(24), section.number(32))
        return try stride(from: 24, to: bytes.count - bytes.count % 24, by: 24).map { offset in
            let info = try bytes.number(offset + 4, width: 1)
            let visibility = try bytes.number(offset + 5, width: 1) & 3
            let isUndefined = try bytes.small(offset + 6) == 0
            return Symbol(
                name: try names.text(bytes.number(offset, width: 4)),
                isUndefined: isUndefined,
                isWeak: info >> 4 == 2,
                isExported: !isUndefined && info >> 4 != 0 && (visibility == 0 || visibility == 3)
            )
        }
    }
}

/// The processors that plugins are built for.
private struct Machine {
    let number: UInt16
    let name: String

    private static let known = [
        Machine(number: 3, name: "x86"), Machine(number: 40, name: "arm"), Machine(number: 62, name: "x86_64"),
        Machine(number: 183, name: "aarch64"), Machine(number: 243, name: "riscv"),
    ]

    static var own: Machine {
        #if arch(arm64)
        known[3]
        #else
        known[2]
        #endif
    }

    static func name(_ number: UInt16) -> String {
        known.first { $0.number == number }?.name ?? "processor \(number)"
    }
}
