/// Watches and events. All streams end when the client is closed.
extension ZooKeeperClient {
    /// What happens to the session, from now on. Of a consumer that does not keep up only the last events are kept.
    public func events<Event: Sendable>(
        _ convert: @escaping @Sendable (ZooKeeperSessionEvent) -> Event?
    ) -> AsyncStream<Event> {
        let (stream, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(64))
        let listener = shared.state.addListener { event in
            guard let event else { return continuation.finish() }
            if let event = convert(event) { continuation.yield(event) }
        }
        guard let listener, let id = streams.add({ continuation.finish() }) else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [shared, streams] _ in
            shared.state.removeListener(listener)
            streams.remove(id)
        }
        return stream
    }

    /// The node as it is now and again after every change; nil while there is none.
    ///
    /// Several quick changes may be told as one, the last is never missed, over lost connections and sessions too. A
    /// consumer that does not keep up sees the last value only.
    ///
    /// - Parameter convert: makes the stream's values; must not block.
    /// - Parameter fail: makes the error that the stream ends with, if it does not end with the client.
    public func watch<Value: Sendable>(
        _ path: String,
        _ convert: @escaping @Sendable (ZooKeeperNode?) -> Value,
        failingWith fail: @escaping @Sendable (ZooKeeperError) -> any Error
    ) -> AsyncThrowingStream<Value, any Error> {
        observe(WatchKey(path: absolute(path), kind: .data), fail) { value in
            if case .node(let node) = value { convert(node) } else { nil }
        }
    }

    /// The names of the node's children, in no order, as ``watch(_:_:failingWith:)`` tells the node; nil while there is no
    /// node.
    public func watchChildren<Value: Sendable>(
        _ path: String,
        _ convert: @escaping @Sendable ([String]?) -> Value,
        failingWith fail: @escaping @Sendable (ZooKeeperError) -> any Error
    ) -> AsyncThrowingStream<Value, any Error> {
        observe(WatchKey(path: absolute(path), kind: .children), fail) { value in
            if case .children(let names) = value { convert(names) } else { nil }
        }
    }

    private func observe<Value: Sendable>(
        _ key: WatchKey,
        _ fail: @escaping @Sendable (ZooKeeperError) -> any Error,
        _ convert: @escaping @Sendable (WatchedValue) -> Value?
    ) -> AsyncThrowingStream<Value, any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(
            of: Value.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        guard let id = streams.add({ continuation.finish() }) else {
            continuation.finish(throwing: fail(ZooKeeperError(.closed, path: key.path)))
            return stream
        }
        do {
            let watch = try shared.watches.add(key) { result in
                switch result {
                case .success(let value): if let value = convert(value) { continuation.yield(value) }
                case .failure(let error): continuation.finish(throwing: fail(error))
                }
            }
            continuation.onTermination = { [shared, streams] _ in
                shared.watches.remove(key, watch)
                streams.remove(id)
            }
        } catch let error as ZooKeeperError {
            continuation.finish(throwing: fail(error))
        } catch {
            continuation.finish(throwing: error)
        }
        return stream
    }
}
