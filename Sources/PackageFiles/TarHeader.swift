/// The 512 bytes before each member of a tar archive (POSIX ustar; GNU's variant is read too).
struct TarHeader: Hashable {
    /// Headers and contents come in blocks of this many bytes.
    static let blockSize = 512

    /// The sizes that a content can have, with room to calculate.
    static let sizes: ClosedRange<Int64> = 0...(1 << 60)

    /// What a header announces (the type flag).
    enum Kind: Hashable {
        case file
        case folder
        case hardLink
        case symbolicLink
        /// A device or a named pipe.
        case special
        /// GNU: the content is the next member's name.
        case longName
        /// GNU: the content is the next member's link target.
        case longLink
        /// POSIX: the content is records that amend the next member.
        case extended
        /// POSIX: the content is records for all members that follow.
        case globalExtended
        case unknown(UInt8)
    }

    var name: [UInt8]
    var kind: Kind
    /// Bytes of content that follow the header.
    var size: Int64 = 0
    /// Permission bits.
    var permissions: UInt32 = 0o644
    /// Seconds since 1970.
    var modified: Int64 = 0
    /// What a link points to.
    var linkTarget: [UInt8] = []

    /// Whether a block, such as those that end an archive, holds nothing but zeros.
    static func isZero(_ block: [UInt8]) -> Bool {
        block.allSatisfy { $0 == 0 }
    }
}

/// Where the fields are: offset and length.
private enum Field {
    static let name = 0..<100
    static let mode = 100..<108
    static let user = 108..<116
    static let group = 116..<124
    static let size = 124..<136
    static let modified = 136..<148
    static let checksum = 148..<156
    static let kind = 156
    static let linkTarget = 157..<257
    static let magic = 257..<263
    static let version = 263..<265
    static let prefix = 345..<500
}

// MARK: - Reading

extension TarHeader {
    /// Reads a header; nil if the block is none: its checksum or one of its numbers is wrong.
    init?(_ block: [UInt8]) {
        guard block.count == TarHeader.blockSize,
            let checksum = TarHeader.number(block[Field.checksum]), checksum == TarHeader.checksum(block),
            let size = TarHeader.number(block[Field.size]), TarHeader.sizes.contains(size),
            let mode = TarHeader.number(block[Field.mode])
        else { return nil }
        name = TarHeader.text(block[Field.name])
        kind = Kind(flag: block[Field.kind])
        permissions = UInt32(truncatingIfNeeded: mode) & 0o777
        // A time that cannot be read is no reason to refuse a package.
        modified = TarHeader.number(block[Field.modified]) ?? 0
        linkTarget = TarHeader.text(block[Field.linkTarget])
        // Links, folders and devices may state a size but never have content.
        self.size =
            switch kind {
            case .folder, .hardLink, .symbolicLink, .special: 0
            default: size
            }
        // GNU's variant, with a space after the magic word, keeps other things where POSIX has a prefix.
        let prefix: [UInt8] = TarHeader.text(block[Field.prefix])
        if block[Field.magic].elementsEqual("ustar\0".utf8), !prefix.isEmpty {
            name = prefix + [UInt8(ascii: "/")] + name
        }
    }

    /// The sum of all bytes, those of the checksum itself counted as spaces.
    private static func checksum(_ block: [UInt8]) -> Int64 {
        block.enumerated().reduce(0) { sum, byte in
            sum + Int64(Field.checksum.contains(byte.offset) ? UInt8(ascii: " ") : byte.element)
        }
    }

    /// A field up to its first zero byte.
    private static func text(_ field: ArraySlice<UInt8>) -> [UInt8] {
        Array(field.prefix { $0 != 0 })
    }

    /// Octal digits, or GNU's binary numbers, whose first bit is set; nil if it is neither or too large.
    private static func number(_ field: ArraySlice<UInt8>) -> Int64? {
        guard let first = field.first else { return nil }
        if first & 0x80 != 0 {
            // The second bit is the sign: a negative size or mode means nothing here.
            guard first & 0x40 == 0 else { return nil }
            return field.dropFirst().reduce(Optional(Int64(first & 0x3F))) { value, byte in
                guard let value, value <= Int64.max >> 8 else { return nil }
                return value << 8 | Int64(byte)
            }
        }
        let isPadding: (UInt8) -> Bool = { $0 == 0 || $0 == UInt8(ascii: " ") }
        let digits = field.drop(while: isPadding).prefix { !isPadding($0) }
        return digits.isEmpty ? 0 : Int64(String(decoding: digits, as: UTF8.self), radix: 8)
    }
}

extension TarHeader.Kind {
    fileprivate init(flag: UInt8) {
        self =
            switch flag {
            case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): .file
            case UInt8(ascii: "1"): .hardLink
            case UInt8(ascii: "2"): .symbolicLink
            case UInt8(ascii: "3"), UInt8(ascii: "4"), UInt8(ascii: "6"): .special
            case UInt8(ascii: "5"): .folder
            case UInt8(ascii: "L"): .longName
            case UInt8(ascii: "K"): .longLink
            case UInt8(ascii: "x"): .extended
            case UInt8(ascii: "g"): .globalExtended
            default: .unknown(flag)
            }
    }
}

// MARK: - Writing

extension TarHeader {
    /// The largest size that the header can state.
    static let maximumSize: Int64 = 0o77777777777

    /// The longest name that the header can hold.
    static let maximumNameLength: Int = Field.name.count

    /// The header of a file, a folder or an extended header, owned by root as far as archives say so.
    ///
    /// The name must fit; numbers that do not are cut off, and stand in an extended header.
    var block: [UInt8] {
        var block = [UInt8](repeating: 0, count: TarHeader.blockSize)
        func put(_ bytes: some Collection<UInt8>, _ field: Range<Int>) {
            block.replaceSubrange(field.lowerBound..<field.lowerBound + bytes.count, with: bytes)
        }
        func put(_ number: Int64, _ field: Range<Int>) {
            let digits: Int = field.count - 1
            let text = String(max(0, number) & ((1 << Int64(digits * 3)) - 1), radix: 8)
            put((String(repeating: "0", count: digits - text.utf8.count) + text).utf8, field)
        }
        put(name.prefix(Field.name.count), Field.name)
        put(Int64(permissions), Field.mode)
        put(0, Field.user)
        put(0, Field.group)
        put(size, Field.size)
        put(modified, Field.modified)
        block[Field.kind] =
            switch kind {
            case .folder: UInt8(ascii: "5")
            case .extended: UInt8(ascii: "x")
            default: UInt8(ascii: "0")
            }
        put("ustar\0".utf8, Field.magic)
        put("00".utf8, Field.version)
        // Six digits, a zero byte and a space.
        put(TarHeader.checksum(block), Field.checksum.lowerBound..<Field.checksum.upperBound - 1)
        block[Field.checksum.upperBound - 1] = UInt8(ascii: " ")
        return block
    }
}
