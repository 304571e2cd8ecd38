extension Sequence where Element: Sendable {
    /// Maps the elements in order, several at a time: in ZooKeeper every read is a round trip.
    ///
    /// - Parameter limit: how many at once, at least 1.
    /// - Throws: the first error, after which no more are begun.
    public func mapConcurrently<Result: Sendable>(
        limit: Int = 64,
        _ body: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var results: [Result?] = []
            for (index, element) in enumerated() {
                if index >= limit, let (done, result) = try await group.next() { results[done] = result }
                results.append(nil)
                group.addTask { (index, try await body(element)) }
            }
            for try await (done, result) in group { results[done] = result }
            return results.compactMap { $0 }
        }
    }
}
