/// What must be undone if a later step fails, the last first.
///
/// All or nothing: each step of a submission that leaves something behind adds how to remove it. A submission that has
/// succeeded drops the list.
struct RollBack: Sendable {
    private var steps: [(name: String, undo: @Sendable () async throws -> Void)] = []

    mutating func add(_ name: String, _ undo: @escaping @Sendable () async throws -> Void) {
        steps.append((name, undo))
    }

    /// Undoes everything, whatever fails; returns a line for each step that could not be undone.
    ///
    /// Runs to its end even if the task is cancelled: a user's Ctrl-C starts a roll-back, it must not stop one.
    func run() async -> [String] {
        let steps = self.steps
        return await Task.detached {
            var failures: [String] = []
            for step in steps.reversed() {
                do {
                    try await step.undo()
                } catch {
                    failures.append("could not undo '\(step.name)': \(error)")
                }
            }
            return failures
        }.value
    }
}
