/// Random numbers that a seed determines: SplitMix64, as in "Fast splittable pseudorandom number generators" (Steele,
/// Lea and Flood, 2014).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// Messages that went wrong.
enum Mutation {
    /// Nothing, beginnings, random bytes, and the message with single mistakes.
    static func all(of message: [UInt8], using random: inout SeededRandom) -> [[UInt8]] {
        var found: [[UInt8]] = [[]]
        for eighth in 1..<8 { found.append(Array(message.prefix(message.count * eighth / 8))) }
        for count in [1, 2, 16, 300] {
            found.append((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
        // A field of bytes that claims to be as long as a length can be.
        found.append([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F])
        found.append([0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01])
        found.append([UInt8](repeating: 0xFF, count: 40))
        for _ in 0..<8 { found.append(one(of: message, using: &random)) }
        return found
    }

    /// The message with one random mistake.
    static func one(of message: [UInt8], using random: inout SeededRandom) -> [UInt8] {
        guard !message.isEmpty else { return [UInt8.random(in: 0...255, using: &random)] }
        let place = Int.random(in: 0..<message.count, using: &random)
        var changed = message
        switch Int.random(in: 0..<5, using: &random) {
        case 0: changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: changed[place] = UInt8.random(in: 0...255, using: &random)
        case 2: changed.removeSubrange(place...)
        case 3: changed.insert(contentsOf: message[place...], at: place)
        default: changed.remove(at: place)
        }
        return changed
    }
}
