extension Sequence where Element == ComponentParallelism {
    /// The components in the order in which a Java `HashMap` with their names as keys iterates.
    ///
    /// Heron hands out task ids in this order. A key's bucket comes from its string hash, with the upper half folded
    /// into the lower; the table starts with 16 buckets and doubles when it is more than three quarters full; within
    /// a bucket keys keep the order in which they came.
    func inJavaHashOrder() -> [ComponentParallelism] {
        let components: [ComponentParallelism] = Array(self)
        var buckets = 16
        while components.count > buckets / 4 * 3 { buckets *= 2 }
        return components.stablySorted { component in
            let hash: UInt32 = javaHash(component.component)
            return Int(hash ^ (hash >> 16)) & (buckets - 1)
        }
    }
}

/// Java's `String.hashCode`: a polynomial in 31 over the UTF-16 units, modulo 2^32.
private func javaHash(_ text: String) -> UInt32 {
    text.utf16.reduce(0) { $0 &* 31 &+ UInt32($1) }
}

extension Array {
    /// Sorted ascending by a key; equal elements keep their order, which `sort` does not promise.
    func stablySorted<Key: Comparable>(by key: (Element) -> Key) -> [Element] {
        enumerated()
            .map { (key: key($0.element), index: $0.offset, element: $0.element) }
            .sorted { $0.key != $1.key ? $0.key < $1.key : $0.index < $1.index }
            .map(\.element)
    }
}
