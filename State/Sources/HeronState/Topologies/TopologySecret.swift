/// What proves to a topology's processes that a request comes from someone who may read the topology's state.
///
/// Its description does not give it away.
public struct TopologySecret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
    /// 32 bytes as 64 lower-case hexadecimal digits. Not for logs, command lines and messages.
    public let text: String

    private init(checked text: String) {
        self.text = text
    }

    /// A new secret from the kernel's random numbers.
    public static func random() -> TopologySecret {
        TopologySecret(checked: randomHex(bytes: 32))
    }

    /// A secret from its text; nil if it is not one.
    public init?(text: String) {
        let digits = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard text.utf8.count == 64, digits else { return nil }
        self.text = text
    }

    /// Whether the text is the secret; how long that takes does not depend on where it differs.
    public func matches(_ other: String) -> Bool {
        guard other.utf8.count == text.utf8.count else { return false }
        return zip(text.utf8, other.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    public var description: String { "(secret)" }
    public var debugDescription: String { description }
}

extension StateManager {
    /// The topology's secret; nil if it has none, because Heron's own client has submitted it.
    public func secret(of topology: String) async throws -> TopologySecret? {
        let path = try StatePath.secret(of: topology)
        guard let node = try await get(path) else { return nil }
        guard let secret = TopologySecret(text: String(decoding: node.data, as: UTF8.self)) else {
            throw StateError(
                .corrupted,
                path: path.description,
                "the node is not a secret of 64 hexadecimal digits",
                hint: "kill the topology and submit it again"
            )
        }
        return secret
    }

    /// The topology's secret, which is made if it has none yet. Several callers at once all get the same.
    public func createSecret(of topology: String) async throws -> TopologySecret {
        let path = try StatePath.secret(of: topology)
        while true {
            if let present = try await secret(of: topology) { return present }
            let secret = TopologySecret.random()
            do {
                try await create(path, Array(secret.text.utf8), .persistent)
                return secret
            } catch let error as StateError where error.code == .nodeExists {
                continue
            }
        }
    }
}

extension StatePath {
    static func secret(of topology: String) throws -> StatePath {
        try StatePath(own: topology, "secret")
    }
}
