import Glibc

/// One change to the names in the tree. New content is ready in the staging folder before the first step, and removed
/// files go there, so that every step is a single rename that can be taken back.
enum FileStep: Hashable {
    case makeDirectory([String], isPrivate: Bool)
    case removeDirectory([String], isPrivate: Bool)
    /// Moves a staged file to a name that nothing has.
    case create(staged: String, inode: UInt64, [String])
    /// Moves a staged file to the name of another, which it replaces.
    case replace(staged: String, inode: UInt64, [String])
    /// Moves a file away, to the staging folder.
    case remove(staged: String, inode: UInt64, [String])

    /// The names of the file or directory, from the root on.
    var target: [String] {
        switch self {
        case .makeDirectory(let target, _), .removeDirectory(let target, _), .create(_, _, let target),
            .replace(_, _, let target), .remove(_, _, let target):
            target
        }
    }

    /// The name in the staging folder, if the step has one.
    var staged: String? {
        switch self {
        case .makeDirectory, .removeDirectory: nil
        case .create(let staged, _, _), .replace(let staged, _, _), .remove(let staged, _, _): staged
        }
    }
}

/// A step failed, and so did taking back one of those before it: the journal must stay, to be completed later.
struct StepsIncomplete: Error {
    let cause: any Error
    let second: any Error

    /// What the caller is told.
    var stateError: StateError {
        let description = [cause, second].map { error in
            (error as? FileFailure)?.stateError(node: "").message ?? "\(error)"
        }.joined(separator: "; then, taking back what was done: ")
        return StateError(.io, path: "", description, hint: "the next call that can write completes the write")
    }
}

/// Performs steps, all or none.
struct FileStepRunner {
    let root: Directory
    let staging: Directory

    /// Performs the steps in order; if one fails, takes back those before it and throws that one's error.
    ///
    /// Throws ``StepsIncomplete`` if that fails too.
    func perform(_ steps: [FileStep]) throws {
        for (index, step) in steps.enumerated() {
            do {
                // Where there is nothing to take back, no exchange is needed, which not every file system offers.
                try perform(step, replacing: steps.count == 1 ? .replace : .exchange)
            } catch {
                do {
                    for done in steps[..<index].reversed() { try undo(done) }
                } catch let second {
                    throw StepsIncomplete(cause: error, second: second)
                }
                throw error
            }
        }
    }

    private func perform(_ step: FileStep, replacing: Directory.Collision) throws {
        let (directory, name) = try location(step)
        switch step {
        case .makeDirectory(_, let isPrivate):
            try directory.makeDirectory(name, mode: Self.directoryMode(isPrivate: isPrivate))
        case .removeDirectory:
            try directory.removeDirectory(name)
        case .create(let staged, _, _):
            try staging.rename(staged, to: directory, name, .refuse)
        case .replace(let staged, _, _):
            try staging.rename(staged, to: directory, name, replacing)
        case .remove(let staged, _, _):
            try directory.rename(name, to: staging, staged, .replace)
        }
    }

    private func undo(_ step: FileStep) throws {
        let (directory, name) = try location(step)
        switch step {
        case .makeDirectory:
            // An empty directory too many does no harm, and another tool may have put something there.
            try? directory.removeDirectory(name)
        case .removeDirectory(_, let isPrivate):
            try directory.makeDirectory(name, mode: Self.directoryMode(isPrivate: isPrivate))
        case .create(let staged, _, _):
            try directory.rename(name, to: staging, staged, .refuse)
        case .replace(let staged, _, _):
            try staging.rename(staged, to: directory, name, .exchange)
        case .remove(let staged, _, _):
            try staging.rename(staged, to: directory, name, .refuse)
        }
    }

    /// Performs those of the steps that a process which died had not come to. Inodes tell what is done already.
    func complete(_ steps: [FileStep]) throws {
        for step in steps {
            let (directory, name) = try location(step)
            switch step {
            case .makeDirectory, .removeDirectory:
                try perform(step, replacing: .replace)
            case .create(let staged, let inode, _), .replace(let staged, let inode, _):
                guard try staging.status(staged)?.identity.inode == inode else { continue }
                try staging.rename(staged, to: directory, name, .replace)
            case .remove(let staged, let inode, _):
                guard try directory.status(name)?.identity.inode == inode else { continue }
                try directory.rename(name, to: staging, staged, .replace)
            }
        }
    }

    /// Waits until the steps are on the disk.
    func synchronize(_ steps: [FileStep]) throws {
        for parent in Set(steps.map { Array($0.target.dropLast()) }) {
            try directory(parent)?.synchronize()
        }
    }

    /// Removes what the steps have left in the staging folder.
    func discard(_ steps: [FileStep]) throws {
        for name in steps.compactMap(\.staged) { try staging.remove(name) }
    }

    private func location(_ step: FileStep) throws -> (Directory, String) {
        guard let parent = try directory(step.target.dropLast()), let name = step.target.last else {
            throw FileFailure("use", "\(root.path)/\(step.target.joined(separator: "/"))", number: ENOENT)
        }
        return (parent, name)
    }

    private func directory(_ components: some Sequence<String>) throws -> Directory? {
        var directory = root
        for name in components {
            guard let next = try directory.directory(name) else { return nil }
            directory = next
        }
        return directory
    }

    private static func directoryMode(isPrivate: Bool) -> mode_t {
        isPrivate ? 0o700 : 0o777
    }
}
