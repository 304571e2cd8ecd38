/// Watching.
extension ZooKeeperClient {
    /// The node as it is now and again after every change; nil while there is none.
    ///
    /// Several quick changes may be told as one, the last is never missed, over lost connections and sessions too. A
    /// consumer that does not keep up sees the last value only. Ends with `closed` when the client's session ends.
    public func watch(_ path: String) -> AsyncThrowingStream<ZooKeeperNode?, any Error> {
        observe(path, .data) { value in
            guard case .node(let node) = value else { return nil }
            return .some(node)
        }
    }

    /// The names of the node's children, in no order, as ``watch(_:)`` tells the node; nil while there is no node.
    public func watchChildren(_ path: String) -> AsyncThrowingStream<[String]?, any Error> {
        observe(path, .children) { value in
            guard case .children(let names) = value else { return nil }
            return .some(names)
        }
    }

    /// The path below the chroot of one on the server.
    func relative(_ path: String) -> String {
        let rest = path.dropFirst(shared.options.connection.chroot.utf8.count)
        return rest.isEmpty ? "/" : String(rest)
    }

    private func observe<Value: Sendable>(
        _ path: String,
        _ kind: WatchKind,
        _ convert: @escaping @Sendable (WatchedValue) -> Value?
    ) -> AsyncThrowingStream<Value, any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(
            of: Value.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let key = WatchKey(path: absolute(path), kind: kind)
        do {
            try checkOpen(path)
            let id = try shared.watches.add(key) { result in
                switch result {
                case .success(let value): if let value = convert(value) { continuation.yield(value) }
                case .failure(let error): continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { [shared] _ in shared.watches.remove(key, id) }
        } catch {
            continuation.finish(throwing: error)
        }
        return stream
    }
}
