/// Calls the body for all elements at once; the results have their order. The first failure cancels the others.
///
/// A state manager on a server sends such calls without waiting for the answers to those before, so that all of them
/// together take about as long as one.
func concurrently<Element: Sendable, Value: Sendable>(
    _ elements: [Element],
    _ body: @escaping @Sendable (Element) async throws -> Value
) async throws -> [Value] {
    try await withThrowingTaskGroup(of: (Int, Value).self) { group in
        for (index, element) in elements.enumerated() {
            group.addTask { (index, try await body(element)) }
        }
        return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
