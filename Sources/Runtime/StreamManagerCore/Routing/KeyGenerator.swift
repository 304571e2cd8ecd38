/// Draws the keys of tuples whose spout wants to know what became of them.
///
/// Keys meet in exclusive-or sums of several stream managers, so that two must not draw the same sequence: the seed is
/// the system's entropy. The sequence itself (SplitMix64) does not repeat within 2^64 draws.
struct KeyGenerator: RandomNumberGenerator {
    private var state: UInt64

    init() {
        var system = SystemRandomNumberGenerator()
        state = system.next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A key as Heron draws them: 63 bits, not negative; never 0, which means that nobody waits for the tuple.
    mutating func nextKey() -> UInt64 {
        let key = next() >> 1
        return key == 0 ? nextKey() : key
    }
}
