import Glibc

/// The tree of files below a root: opens it for one call at a time, under the lock that all processes share.
///
/// All of its functions block, for the disk and for other processes, and so are never called on a thread of Swift's
/// own.
struct LocalTree: Sendable {
    /// An absolute path without a slash at its end.
    let rootPath: String
    let log: @Sendable (StateLogLevel, String) -> Void

    private static let stagingName = ".staging"
    private static let stampsName = ".meta"

    init(rootPath: String, log: @escaping @Sendable (StateLogLevel, String) -> Void) {
        self.rootPath = "/" + rootPath.split(separator: "/").joined(separator: "/")
        self.log = log
    }

    /// Runs the body on the tree as it stands; no one writes to it in the meantime.
    ///
    /// - Parameter start: called when the lock is there; throws if the call is not wanted any more.
    func reading<Value>(_ start: () throws -> Void, _ body: (TreeView) throws -> Value) throws -> Value {
        let root = try openRoot()
        guard let own = try root.directory(StatePath.ownDirectory) else {
            // Only Heron's own tools have written here: nothing to wait for, and nothing left unfinished.
            try start()
            return try body(TreeView(root: root, stamps: nil))
        }
        var lock = try TreeLock.acquire(in: own, exclusive: false, creating: false)
        let staging = try own.directory(Self.stagingName)
        if let staging, try Journal.exists(in: staging) {
            lock = nil
            lock = try TreeLock.acquire(in: own, exclusive: true, creating: true)
            try completeJournal(root: root, staging: staging)
        }
        return try withExtendedLifetime(lock) {
            try start()
            return try body(TreeView(root: root, stamps: own.directory(Self.stampsName)))
        }
    }

    /// Runs the body on the tree while no one else reads or writes it.
    func writing<Value>(
        _ start: () throws -> Void,
        _ body: (TreeView, Transaction.Workplace) throws -> Value
    ) throws -> Value {
        let root = try openRoot()
        let own = try root.makingDirectory(StatePath.ownDirectory, mode: 0o777)
        let lock = try TreeLock.acquire(in: own, exclusive: true, creating: true)
        return try withExtendedLifetime(lock) {
            let staging = try own.makingDirectory(Self.stagingName, mode: 0o777)
            let stamps = try own.makingDirectory(Self.stampsName, mode: 0o777)
            try completeJournal(root: root, staging: staging)
            try start()
            let view = TreeView(root: root, stamps: stamps)
            return try body(view, Transaction.Workplace(root: root, staging: staging, stamps: stamps))
        }
    }

    private func openRoot() throws -> Directory {
        guard let root = try Directory.open(rootPath) else {
            throw StateError(
                .io,
                path: "",
                "the state's root directory \(rootPath) does not exist",
                hint: "create it, or set heron.statemgr.localfs.is.initialize.file.tree to true"
            )
        }
        return root
    }

    /// Finishes what a process that died has left half done. Needs the exclusive lock.
    private func completeJournal(root: Directory, staging: Directory) throws {
        guard let journal = try Journal.read(from: staging) else { return }
        let runner = FileStepRunner(root: root, staging: staging)
        do {
            try runner.complete(journal.steps)
        } catch let failure as FileFailure {
            let cause = failure.stateError(node: "")
            let message = "cannot complete a write that another process left unfinished: \(cause.message)"
            throw StateError(cause.code, path: "", message, hint: cause.hint)
        }
        try Journal.remove(from: staging)
        try runner.discard(journal.steps)
        log(.info, "completed a write of \(journal.steps.count) steps that a process left unfinished in \(rootPath)")
    }
}

extension LocalTree {
    /// Makes sure that the tree is there and usable, and removes what processes that died have left staged.
    func open(creating: Bool, _ start: () throws -> Void) throws {
        if creating { try createTree() }
        let root = try openRoot()
        guard let own = try root.directory(StatePath.ownDirectory) else { return try start() }
        let lock = try TreeLock.acquire(in: own, exclusive: true, creating: false)
        try withExtendedLifetime(lock) {
            try start()
            guard let staging = try own.directory(Self.stagingName) else { return }
            try completeJournal(root: root, staging: staging)
            // Who may only read the tree leaves that to the others.
            for name in try staging.entries() { _ = try? staging.remove(name) }
        }
    }

    private func createTree() throws {
        var path = ""
        for part in rootPath.split(separator: "/") {
            path += "/\(part)"
            guard try Directory.open(path) == nil else { continue }
            guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw FileFailure("create", path) }
        }
        let root = try openRoot()
        for directory in StateDirectory.allCases {
            _ = try root.makingDirectory(directory.rawValue, mode: 0o777)
        }
    }
}
