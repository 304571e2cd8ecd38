import Glibc

/// Where the tests of faults get their choices and their timing from: the same seed, the same sequence.
///
/// `HERON_FAULT_SEED` names it, `HERON_FAULT_ROUNDS` how many sequences are tried, each with the seed after the last.
enum FaultSeed {
    static let rounds: [UInt64] = {
        let first: UInt64 = number("HERON_FAULT_SEED") ?? 1
        return (0..<max(1, number("HERON_FAULT_ROUNDS") ?? 1)).map { first &+ $0 }
    }()

    private static func number(_ variable: String) -> UInt64? {
        getenv(variable).flatMap { UInt64(String(cString: $0)) }
    }
}

/// SplitMix64 (Steele, Lea, Flood, 2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word: UInt64 = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
