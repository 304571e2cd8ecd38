import Dispatch

/// Tells watchers what changes in the tree, whoever changes it.
///
/// Every notice only leads to another read, so that none has to be understood and a lost one does no lasting harm.
/// Without inotify, or the kernel's word on the end of a process, it looks every second.
actor FileWatcher {
    /// One watcher: what it looks at, and where its values go.
    struct Watch: Sendable {
        let place: NodePlace
        /// Reads the value and hands it on if it is another than before.
        let refresh: @Sendable () throws -> (owners: Set<ProcessOwner>, dead: [StatePath])
        /// Ends the stream, with the error if there is one.
        let finish: @Sendable ((any Error)?) -> Void
    }

    private struct Entry {
        let watch: Watch
        var owners: Set<ProcessOwner> = []
    }

    private let rootPath: String
    private let log: @Sendable (StateLogLevel, String) -> Void
    /// Takes nodes whose owners are dead.
    private let reap: @Sendable ([StatePath]) -> Void
    private nonisolated let executor = QueueExecutor(label: "heron.state.watch")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private var entries: [UInt64: Entry] = [:]
    private var isStopped = false
    private var inotify: (notices: Inotify, source: any DispatchSourceRead)?
    private var hasInotifyFailed = false
    /// The directories that are watched, as names from the root on.
    private var directories: [Int32: [String]] = [:]
    private var processes = ProcessWatcher()
    private var timer: (any DispatchSourceTimer)?

    init(
        rootPath: String,
        log: @escaping @Sendable (StateLogLevel, String) -> Void,
        reap: @escaping @Sendable ([StatePath]) -> Void
    ) {
        self.rootPath = rootPath
        self.log = log
        self.reap = reap
    }

    /// Begins a watch, with a first value at once.
    nonisolated func add(_ id: UInt64, _ watch: Watch) {
        inOrder { watcher in
            guard !watcher.isStopped else { return watch.finish(nil) }
            watcher.entries[id] = Entry(watch: watch)
            watcher.refresh([id])
        }
    }

    nonisolated func remove(_ id: UInt64) {
        inOrder { watcher in
            guard watcher.entries.removeValue(forKey: id) != nil else { return }
            watcher.releaseUnused()
        }
    }

    /// Ends all watches; later ones end at once.
    nonisolated func stop() {
        inOrder { watcher in
            watcher.isStopped = true
            for entry in watcher.entries.values { entry.watch.finish(nil) }
            watcher.entries = [:]
            watcher.releaseUnused()
        }
    }

    /// A task would not keep the order of calls; the queue does.
    private nonisolated func inOrder(_ body: @escaping @Sendable (isolated FileWatcher) -> Void) {
        executor.queue.async { self.assumeIsolated(body) }
    }

    // MARK: Reading

    private func refresh(_ ids: some Sequence<UInt64>) {
        var pending = Array(ids)
        // Again for those of whom a process ended between the read and the beginning of its own watch.
        for _ in 0..<3 where !pending.isEmpty {
            for id in pending { refresh(id) }
            let ended = processes.watch(owners, on: executor.queue) { [weak self] owner in
                self?.assumeIsolated { $0.processEnded(owner) }
            }
            pending = self.ids(ofOwners: ended)
        }
        updateTimer()
    }

    private func refresh(_ id: UInt64) {
        guard let watch = entries[id]?.watch else { return }
        do {
            // First the notices, then the value: a change in between is told.
            try watchDirectories(of: watch.place)
            let (owners, dead) = try watch.refresh()
            entries[id]?.owners = owners
            if !dead.isEmpty { reap(dead) }
        } catch {
            entries[id] = nil
            watch.finish(error)
            releaseUnused()
        }
    }

    /// The processes whose end would change a watched value.
    private var owners: Set<ProcessOwner> {
        Set(entries.values.flatMap(\.owners))
    }

    private func ids(ofOwners owners: Set<ProcessOwner>) -> [UInt64] {
        entries.filter { !$0.value.owners.isDisjoint(with: owners) }.map(\.key)
    }

    private func processEnded(_ owner: ProcessOwner) {
        processes.hasEnded(owner)
        refresh(ids(ofOwners: [owner]))
    }

    // MARK: Directories

    /// Watches the directories on the way to the node, as far as they exist, and the node itself if it is one.
    private func watchDirectories(of place: NodePlace) throws {
        guard let notices = notices() else { return }
        do {
            for depth in 0...place.components.count {
                let names = Array(place.components.prefix(depth))
                let path = ([rootPath] + names).joined(separator: "/")
                guard let watch = try notices.watch(path, followsLinks: depth == 0) else { return }
                directories[watch] = names
            }
        } catch let failure as FileFailure {
            inotifyFailed(failure)
        }
    }

    private func notices() -> Inotify? {
        if let inotify { return inotify.notices }
        guard !hasInotifyFailed else { return nil }
        do {
            let notices = try Inotify()
            let source = DispatchSource.makeReadSource(fileDescriptor: notices.raw, queue: executor.queue)
            source.setEventHandler { @Sendable [weak self] in self?.assumeIsolated { $0.readNotices() } }
            // The handler keeps the descriptor open as long as the source may use it.
            source.setCancelHandler { @Sendable in withExtendedLifetime(notices) {} }
            source.activate()
            inotify = (notices, source)
            return notices
        } catch {
            inotifyFailed(error as? FileFailure)
            return nil
        }
    }

    private func inotifyFailed(_ failure: FileFailure?) {
        hasInotifyFailed = true
        endInotify()
        let reason = failure.map { $0.stateError(node: "").message } ?? "inotify is not there"
        log(.warning, "\(reason) (fs.inotify limits reached?); the state is looked at every second instead")
    }

    private func endInotify() {
        inotify?.source.cancel()
        inotify = nil
        directories = [:]
    }

    private func readNotices() {
        guard let events = inotify?.notices.events() else { return }
        var affected: Set<UInt64> = []
        for event in events {
            guard let watch = event.watch else {
                affected = Set(entries.keys)
                break
            }
            guard let directory = directories[watch] else { continue }
            if event.isLast { directories[watch] = nil }
            affected.formUnion(entries.filter { $0.value.watch.place.isAffected(in: directory, event.name) }.keys)
        }
        refresh(affected)
    }

    /// Gives up directories and processes that nobody watches any more.
    private func releaseUnused() {
        if entries.isEmpty {
            endInotify()
        } else if let notices = inotify?.notices {
            for (watch, names) in directories
            where !entries.values.contains(where: { $0.watch.place.components.starts(with: names) }) {
                notices.remove(watch)
                directories[watch] = nil
            }
        }
        processes.keep(owners)
        updateTimer()
    }

    // MARK: Looking without being told

    private func updateTimer() {
        let isNeeded = !entries.isEmpty && (hasInotifyFailed || processes.hasUnwatched)
        if !isNeeded {
            timer?.cancel()
            timer = nil
        } else if timer == nil {
            let source = DispatchSource.makeTimerSource(queue: executor.queue)
            source.schedule(deadline: .now() + 1, repeating: 1)
            source.setEventHandler { @Sendable [weak self] in self?.assumeIsolated { $0.refresh($0.entries.keys) } }
            source.activate()
            timer = source
        }
    }
}

extension NodePlace {
    /// Whether an event in a directory may concern the node or its children.
    fileprivate func isAffected(in directory: [String], _ name: String?) -> Bool {
        guard components.starts(with: directory) else { return false }
        guard let name, directory.count < components.count else { return true }
        return components[directory.count] == name
    }
}
