import ZooKeeperClient

/// The size of what a ZooKeeper server takes in one message (`jute.maxbuffer`, 1 MiB less one byte unless its
/// administrator has changed it): a larger message makes it close the connection without a word.
enum PacketSize {
    static let limit = 0xFFFFF

    /// What a request adds to the bytes of paths and data, at most: header, lengths, ACL, flags.
    private static let overhead = 128

    /// How many bytes of data a node at the path may have.
    static func dataLimit(_ path: String) -> Int { limit - overhead - path.utf8.count }

    /// Throws ``StateError`` with code `tooLarge`: about the first node that is too large on its own, or without a path
    /// if only all together are.
    static func check(_ operations: [ZooKeeperOperation], naming name: (String) -> String) throws {
        for operation in operations {
            let size = operation.data.count
            let limit = dataLimit(operation.path)
            guard size <= limit else { throw tooLarge(name(operation.path), size, limit) }
        }
        guard fits(operations) else {
            let message = "\(sum(operations)) bytes are more than the \(limit) that ZooKeeper takes in one step"
            throw StateError(.tooLarge, path: "", message)
        }
    }

    /// Whether a server takes all operations, each of which it takes on its own, in one step.
    static func fits(_ operations: [ZooKeeperOperation]) -> Bool {
        operations.count == 1 || sum(operations) <= limit
    }

    private static func sum(_ operations: [ZooKeeperOperation]) -> Int {
        operations.reduce(overhead) { $0 + $1.data.count + $1.path.utf8.count + overhead }
    }

    private static func tooLarge(_ path: String, _ size: Int, _ limit: Int) -> StateError {
        StateError(
            .tooLarge,
            path: path,
            "\(size) bytes are more than the \(limit) that a ZooKeeper node may hold; nothing was written",
            hint: "make it smaller"
        )
    }
}

extension ZooKeeperOperation {
    /// The bytes to be stored.
    fileprivate var data: [UInt8] {
        switch self {
        case .create(_, let data, _), .set(_, let data, _): data
        case .delete, .check: []
        }
    }
}
