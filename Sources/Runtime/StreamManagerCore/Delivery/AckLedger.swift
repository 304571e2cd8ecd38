import NIOCore

/// One root: a tuple that a spout emitted with a message id, known by the spout's task and a random key.
struct Root: Hashable {
    let task: Int32
    let key: UInt64
}

/// What becomes of the roots of this container's spouts: Heron's exclusive-or sums.
///
/// The sum of a root holds every tuple key below it once when it is announced and once when it is acknowledged, so that
/// it is zero when all of them are done. Roots that are never done are forgotten when their time is over; their spouts
/// notice that on their own. No clock of its own: the caller says what time it is.
struct AckLedger {
    /// The generations of sums; a new one begins when a third of the time-out is over, and the oldest is forgotten.
    private var generations: [[Root: UInt64]]
    private let rotation: TimeAmount
    private var nextRotation: NIODeadline

    /// - Parameters:
    ///   - timeout: how long a root lives at least, from `topology.message.timeout.secs`.
    ///   - generations: `heron.streammgr.xormgr.rotatingmap.nbuckets`, at least 1.
    init(timeout: TimeAmount, generations count: Int, now: NIODeadline) {
        let count = max(count, 1)
        let seconds = timeout.nanoseconds / 1_000_000_000
        generations = Array(repeating: [:], count: count)
        rotation = .seconds(max(seconds / Int64(count) + seconds % Int64(count), 1))
        nextRotation = now + timeout
    }

    /// The roots that are still in the making.
    var count: Int { generations.reduce(0) { $0 + $1.count } }

    /// Forgets what is older than the time-out; to be called before a batch of the calls below.
    mutating func advance(to now: NIODeadline) {
        while nextRotation <= now, count > 0 {
            generations.removeLast()
            generations.insert([:], at: 0)
            nextRotation = nextRotation + rotation
        }
        if nextRotation <= now { nextRotation = now + rotation }
    }

    /// The spout emitted a tuple with this key, one per destination of the root.
    mutating func create(_ root: Root, key: UInt64) {
        if add(root, key: key) == nil { generations[0][root] = key }
    }

    /// A bolt announced or acknowledged a tuple with this key; true if that was the last one.
    mutating func toggle(_ root: Root, key: UInt64) -> Bool {
        guard let (generation, sum) = add(root, key: key), sum == 0 else { return false }
        generations[generation][root] = nil
        return true
    }

    /// A bolt failed a tuple; true if the root was still in the making.
    mutating func fail(_ root: Root) -> Bool {
        for generation in generations.indices where generations[generation].removeValue(forKey: root) != nil {
            return true
        }
        return false
    }

    private mutating func add(_ root: Root, key: UInt64) -> (generation: Int, sum: UInt64)? {
        for generation in generations.indices {
            guard let sum = generations[generation][root] else { continue }
            generations[generation][root] = sum ^ key
            return (generation, sum ^ key)
        }
        return nil
    }
}
