/// How many keystrokes lie between two names, to suggest the one that was meant.
public enum EditDistance {
    /// The name nearest to a mistyped one; nil if none is near.
    public static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        let limit: Int = min(max(2, name.utf8.count / 6), name.utf8.count / 2)
        let near = candidates.lazy.map { (distance: between(name, $0, limit: limit), name: $0) }
        // Sorted by name too, so that the same mistake gets the same suggestion every time.
        return near.filter { $0.distance <= limit }.min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
    }

    /// Insertions, deletions, replacements and swaps of neighbours; any number above `limit` means "more than that".
    static func between(_ left: String, _ right: String, limit: Int) -> Int {
        let left: [UInt8] = Array(left.utf8)
        let right: [UInt8] = Array(right.utf8)
        guard abs(left.count - right.count) <= limit else { return limit + 1 }
        var beforePrevious: [Int] = []
        var previous: [Int] = Array(0...right.count)
        for i in left.indices {
            var row: [Int] = [i + 1]
            for j in right.indices {
                let replaced: Int = previous[j] + (left[i] == right[j] ? 0 : 1)
                var best: Int = min(previous[j + 1] + 1, row[j] + 1, replaced)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = min(best, beforePrevious[j - 1] + 1)
                }
                row.append(best)
            }
            guard row.contains(where: { $0 <= limit }) else { return limit + 1 }
            (beforePrevious, previous) = (previous, row)
        }
        return previous[right.count]
    }
}
