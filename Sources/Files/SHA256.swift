/// The checksum SHA-256 (FIPS 180-4), taken in pieces.
public struct SHA256: Sendable {
    private var state: State = (
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19
    )
    /// The beginning of a block whose rest has not come yet.
    private var pending: [UInt8] = []
    private var length: UInt64 = 0

    private typealias State = (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32)
    private static let blockSize = 64

    public init() {}

    /// The checksum of a regular file, in 64 lower-case hexadecimal digits. Throws ``FileError``, or
    /// `CancellationError` if the task was cancelled. Blocks.
    public static func ofFile(_ path: String) throws -> String {
        try of(File(reading: path))
    }

    /// The checksum of what of a file has not been read yet, as ``ofFile(_:)`` does.
    public static func of(_ file: File) throws -> String {
        var sum = SHA256()
        try withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 16) { buffer in
            while case let count = try file.read(into: buffer), count > 0 {
                try Task.checkCancellation()
                sum.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        return sum.finish()
    }

    /// Takes the next bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        length &+= UInt64(bytes.count)
        var rest: UnsafeRawBufferPointer = bytes
        if !pending.isEmpty {
            let missing: Int = min(SHA256.blockSize - pending.count, rest.count)
            pending += rest.prefix(missing)
            rest = UnsafeRawBufferPointer(rebasing: rest[missing...])
            guard pending.count == SHA256.blockSize else { return }
            let block: [UInt8] = pending
            block.withUnsafeBytes { process($0) }
            pending.removeAll(keepingCapacity: true)
        }
        let whole: Int = rest.count - rest.count % SHA256.blockSize
        if whole > 0 { process(UnsafeRawBufferPointer(rebasing: rest[..<whole])) }
        pending += rest[whole...]
    }

    /// The checksum of everything taken so far, in lower-case hexadecimal digits. The last call.
    public mutating func finish() -> String {
        let bits: UInt64 = length &* 8
        let zeros = Int((119 - length % 64) % 64)
        var padding: [UInt8] = [0x80] + [UInt8](repeating: 0, count: zeros)
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            padding.append(UInt8(truncatingIfNeeded: bits >> shift))
        }
        padding.withUnsafeBytes { update($0) }
        let (a, b, c, d, e, f, g, h) = state
        return [a, b, c, d, e, f, g, h].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 8 - digits.utf8.count) + digits
        }.joined()
    }

    /// Takes whole blocks.
    private mutating func process(_ blocks: UnsafeRawBufferPointer) {
        SHA256.constants.withUnsafeBufferPointer { constants in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
                for offset in stride(from: 0, to: blocks.count, by: SHA256.blockSize) {
                    SHA256.expand(blocks, offset, into: schedule)
                    compress(schedule, constants)
                }
            }
        }
    }

    /// Makes the schedule of one block.
    private static func expand(
        _ blocks: UnsafeRawBufferPointer,
        _ offset: Int,
        into schedule: UnsafeMutableBufferPointer<UInt32>
    ) {
        for i in 0..<16 {
            schedule[i] = UInt32(bigEndian: blocks.loadUnaligned(fromByteOffset: offset + 4 * i, as: UInt32.self))
        }
        for i in 16..<64 {
            let (w15, w2) = (schedule[i - 15], schedule[i - 2])
            let s0: UInt32 = rotate(w15, 7) ^ rotate(w15, 18) ^ w15 &>> 3
            let s1: UInt32 = rotate(w2, 17) ^ rotate(w2, 19) ^ w2 &>> 10
            schedule[i] = schedule[i - 16] &+ s0 &+ schedule[i - 7] &+ s1
        }
    }

    private mutating func compress(
        _ schedule: UnsafeMutableBufferPointer<UInt32>,
        _ constants: UnsafeBufferPointer<UInt32>
    ) {
        var (a, b, c, d, e, f, g, h) = state
        for i in 0..<64 {
            let s1: UInt32 = SHA256.rotate(e, 6) ^ SHA256.rotate(e, 11) ^ SHA256.rotate(e, 25)
            let t1: UInt32 = h &+ s1 &+ (e & f ^ ~e & g) &+ constants[i] &+ schedule[i]
            let s0: UInt32 = SHA256.rotate(a, 2) ^ SHA256.rotate(a, 13) ^ SHA256.rotate(a, 22)
            let t2: UInt32 = s0 &+ (a & b ^ a & c ^ b & c)
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
        }
        state = (
            state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d, state.4 &+ e, state.5 &+ f, state.6 &+ g,
            state.7 &+ h
        )
    }

    @inline(__always)
    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 { word &>> count | word &<< (32 &- count) }

    private static let constants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}
