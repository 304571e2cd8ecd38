/// The id of a task: which attempt of which container of which submission it is. Never used twice.
public struct TaskID: Sendable, Hashable {
    public let topologyID: String
    public let container: Int32
    public let attempt: UInt32

    /// What Mesos allows, in bytes.
    private static let longest = 255

    public init(topologyID: String, container: Int32, attempt: UInt32) {
        self.topologyID = TaskID.shortened(topologyID)
        self.container = container
        self.attempt = attempt
    }

    /// Nil if a text is no task id of the topology.
    public init?(_ text: String, topologyID: String) {
        let topologyID = TaskID.shortened(topologyID)
        guard text.hasPrefix(topologyID + "-") else { return nil }
        let numbers = text.dropFirst(topologyID.count + 1).split(separator: "-", omittingEmptySubsequences: false)
        guard numbers.count == 2, let container = Int32(numbers[0]), let attempt = UInt32(numbers[1]) else {
            return nil
        }
        self.init(topologyID: topologyID, container: container, attempt: attempt)
    }

    public var text: String { "\(topologyID)-\(container)-\(attempt)" }

    /// Two numbers and their hyphens take 22 bytes at most. The unique part of a topology's id is its end.
    private static func shortened(_ topologyID: String) -> String {
        var scalars = topologyID.unicodeScalars
        while scalars.reduce(0, { $0 + UTF8.width($1) }) > longest - 22 { scalars.removeFirst() }
        return String(scalars)
    }
}
