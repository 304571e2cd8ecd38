import Synchronization

/// All watches of a client, over all its sessions.
///
/// ZooKeeper's watches fire once, and end with their session. Here each is set again by the read that follows a change,
/// a lost connection or a new session, so that the last change is always seen; several quick ones may be seen as one.
/// There is at most one read per node under way, however many changes are told.
final class WatchRegistry: Sendable {
    fileprivate struct State {
        var entries: [WatchKey: WatchEntry] = [:]
        var nextID: UInt64 = 0
        /// The present session; nil while there is none.
        var handle: ZooKeeperHandle?
        /// The size of the request with which the C client sets all watches again after it has reconnected.
        var resetBytes = 0
        /// Why no watch can be had any more.
        var end: ZooKeeperError?
    }

    private let state = Mutex(State())

    /// A server takes packets of up to 1 MiB (`jute.maxbuffer`); a larger one would break every new connection.
    private static let maximumResetBytes = 1_000_000

    /// Begins to watch; returns what ends it again.
    ///
    /// - Throws: ``ZooKeeperError``: `other` if there are too many watches in this process, or how all of them ended.
    func add(_ key: WatchKey, _ observer: @escaping WatchObserver) throws -> UInt64 {
        let (id, handle) = try state.withLock { state -> (UInt64, ZooKeeperHandle?) in
            if let end = state.end { throw end }
            if state.entries[key] == nil {
                let bytes = key.path.utf8.count + 4
                guard state.resetBytes + bytes <= Self.maximumResetBytes else {
                    let count = state.entries.count
                    throw ZooKeeperError(.other(0), path: key.path, detail: "too many watches in one process: \(count)")
                }
                state.resetBytes += bytes
            }
            state.nextID += 1
            var entry = state.entries[key] ?? WatchEntry()
            entry.observers[state.nextID] = observer
            entry.newcomers.insert(state.nextID)
            state.entries[key] = entry
            return (state.nextID, state.beginReading(key))
        }
        if let handle { read(key, handle) }
        return id
    }

    func remove(_ key: WatchKey, _ id: UInt64) {
        state.withLock { state in
            guard var entry = state.entries[key] else { return }
            entry.observers[id] = nil
            entry.newcomers.remove(id)
            state.entries[key] = entry
            state.dropIfUnused(key)
        }
    }

    /// To be called when a session stands: reads everything that has no watch on the server.
    func connected(_ handle: ZooKeeperHandle, isNewSession: Bool) {
        let keys = state.withLock { state -> [WatchKey] in
            state.handle = handle
            return state.entries.filter { isNewSession || $0.value.phase == .unset }.map(\.key)
                .filter { state.beginReading($0) != nil }
        }
        for key in keys { read(key, handle) }
    }

    /// To be called for every event about a node.
    func changed(_ path: String, _ kinds: [WatchKind]) {
        for kind in kinds {
            let key = WatchKey(path: path, kind: kind)
            if let handle = state.withLock({ $0.beginReading(key) }) { read(key, handle) }
        }
    }

    /// Ends all watches with an error, and those to come.
    func finish(_ error: ZooKeeperError) {
        let entries = state.withLock { state in
            defer { state = State(end: error) }
            return state.entries
        }
        for observer in entries.values.flatMap(\.observers.values) { observer(.failure(error)) }
    }

    private func read(_ key: WatchKey, _ handle: ZooKeeperHandle) {
        switch key.kind {
        case .data:
            handle.get(key.path, watch: true) { [self] result in
                answered(key, handle, result.map { .node($0) })
            }
        case .children:
            handle.children(key.path, watch: true) { [self] result in
                answered(key, handle, result.map { .children($0) })
            }
        }
    }

    private func answered(_ key: WatchKey, _ handle: ZooKeeperHandle, _ result: Result<WatchedValue, ZooKeeperError>) {
        switch result {
        case .success(let value):
            settle(key, handle, value)
        case .failure(let error) where error.code == .noNode:
            watchForCreation(key, handle)
        case .failure(let error) where error.code == .connectionLost:
            // Read again by `connected`, which may have come already with the next session.
            let next = state.withLock { state -> ZooKeeperHandle? in
                let isNewSession = state.handle !== handle
                state.entries[key]?.phase = .unset
                state.dropIfUnused(key)
                return isNewSession ? state.beginReading(key) : nil
            }
            if let next { read(key, next) }
        case .failure(let error):
            let observers = state.withLock { $0.remove(key)?.observers.values.map(\.self) }
            for observer in observers ?? [] { observer(.failure(error)) }
        }
    }

    /// Reading a node that is not there sets no watch.
    private func watchForCreation(_ key: WatchKey, _ handle: ZooKeeperHandle) {
        handle.exists(key.path, watch: true) { [self] result in
            switch result {
            case .success:
                read(key, handle)
            case .failure(let error) where error.code == .noNode:
                settle(key, handle, key.kind == .data ? .node(nil) : .children(nil))
            case .failure(let error):
                answered(key, handle, .failure(error))
            }
        }
    }

    private func settle(_ key: WatchKey, _ handle: ZooKeeperHandle, _ value: WatchedValue) {
        let (observers, next) = state.withLock { state -> ([WatchObserver], ZooKeeperHandle?) in
            guard var entry = state.entries[key] else { return ([], nil) }
            let isOfThisSession = state.handle === handle
            // What an earlier session has read may be older than what the present one has told already.
            let observers = isOfThisSession ? entry.observers(toTell: value) : []
            let isFinal = isOfThisSession && entry.phase == .reading(again: false)
            entry.phase = isFinal ? .set : .unset
            state.entries[key] = entry
            state.dropIfUnused(key)
            return (observers, isFinal ? nil : state.beginReading(key))
        }
        for observer in observers { observer(.success(value)) }
        if let next { read(key, next) }
    }
}

extension WatchRegistry.State {
    /// Marks a watched node as being read; returns with what to read it, or nil if that is not to be done now.
    fileprivate mutating func beginReading(_ key: WatchKey) -> ZooKeeperHandle? {
        guard let entry = entries[key], let handle else { return nil }
        if case .reading = entry.phase {
            entries[key]?.phase = .reading(again: true)
            return nil
        }
        entries[key]?.phase = .reading(again: false)
        return handle
    }

    /// Forgets a watch that nobody needs any more, on the server too. One that is being read goes when that is over.
    fileprivate mutating func dropIfUnused(_ key: WatchKey) {
        guard let entry = entries[key], entry.observers.isEmpty else { return }
        if case .reading = entry.phase { return }
        remove(key)
        guard entry.phase == .set, let handle else { return }
        if key.kind == .children { handle.removeWatch(key.path, onChildren: true) }
        // The watch for a node's data is that for its creation, too, which another kind may be waiting for.
        let other = WatchKey(path: key.path, kind: key.kind == .data ? .children : .data)
        if entries[other] == nil { handle.removeWatch(key.path, onChildren: false) }
    }

    @discardableResult
    fileprivate mutating func remove(_ key: WatchKey) -> WatchEntry? {
        guard let entry = entries.removeValue(forKey: key) else { return nil }
        resetBytes -= key.path.utf8.count + 4
        return entry
    }
}
