import Glibc

/// The steps of a write that spans several files, on the disk before the first step is performed.
///
/// A journal that is there was left by a process that died: whoever comes next completes its steps. It names files
/// relative to the root and holds none of their content.
struct Journal: Hashable {
    let steps: [FileStep]

    private static let fileName = "journal"
    private static let newFileName = "journal.new"
    private static let firstLine = "heron-swift journal 1"

    static func exists(in staging: Directory) throws -> Bool {
        try staging.status(fileName) != nil
    }

    /// The journal in the folder; throws `corrupted` if it is not one.
    static func read(from staging: Directory) throws -> Journal? {
        guard let bytes = try staging.file(fileName)?.readAll(limit: 16 << 20) else { return nil }
        guard let journal = Journal(text: String(decoding: bytes, as: UTF8.self)) else {
            throw StateError(
                .corrupted,
                path: "",
                "\(staging.path)/\(fileName) is not a journal",
                hint: "remove it if no process uses this state; then submit or kill again what was interrupted"
            )
        }
        return journal
    }

    /// Puts the journal on the disk, and with it the names of the staged files.
    func write(to staging: Directory) throws {
        try staging.remove(Self.newFileName)
        do {
            try staging.write(Self.newFileName, Array(text.utf8), mode: 0o600).synchronize()
            try staging.rename(Self.newFileName, to: staging, Self.fileName, .replace)
            try staging.synchronize()
        } catch {
            for name in [Self.fileName, Self.newFileName] { _ = try? staging.remove(name) }
            throw error
        }
    }

    /// Ends the journal's validity.
    ///
    /// Nothing waits for the disk here, nor for the steps before: file systems write changes of names in their order, so
    /// that after a power failure there is either the journal, to complete the steps again, or all that they did.
    static func remove(from staging: Directory) throws {
        try staging.remove(fileName)
    }
}

extension Journal {
    /// The text form: a first line, a line per step (`create STAGED INODE PATH`, …), and `end`.
    var text: String {
        let lines = steps.map { step in
            let path = step.target.joined(separator: "/")
            return switch step {
            case .makeDirectory(_, let isPrivate): "mkdir \(isPrivate ? "private" : "shared") 0 \(path)"
            case .removeDirectory(_, let isPrivate): "rmdir \(isPrivate ? "private" : "shared") 0 \(path)"
            case .create(let staged, let inode, _): "create \(staged) \(inode) \(path)"
            case .replace(let staged, let inode, _): "replace \(staged) \(inode) \(path)"
            case .remove(let staged, let inode, _): "remove \(staged) \(inode) \(path)"
            }
        }
        return ([Self.firstLine] + lines + ["end", ""]).joined(separator: "\n")
    }

    /// Nil unless the text is a whole journal whose paths stay below the root.
    init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 3, lines[0] == Self.firstLine, lines.suffix(2).elementsEqual(["end", ""]) else {
            return nil
        }
        var steps: [FileStep] = []
        for line in lines[1..<(lines.count - 2)] {
            guard let step = FileStep(line: line) else { return nil }
            steps.append(step)
        }
        self.steps = steps
    }
}

extension FileStep {
    fileprivate init?(line: Substring) {
        // A path may contain spaces, and stands last.
        let fields = line.split(separator: " ", maxSplits: 3).map(String.init)
        guard fields.count == 4, let inode = UInt64(fields[2]) else { return nil }
        let target = fields[3].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard !target.isEmpty, target.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else { return nil }
        switch (fields[0], fields[1]) {
        case ("mkdir", let sharing):
            self = .makeDirectory(target, isPrivate: sharing == "private")
        case ("rmdir", let sharing):
            self = .removeDirectory(target, isPrivate: sharing == "private")
        case (_, let staged) where staged.isEmpty || !staged.allSatisfy(\.isNumber):
            return nil
        case ("create", let staged):
            self = .create(staged: staged, inode: inode, target)
        case ("replace", let staged):
            self = .replace(staged: staged, inode: inode, target)
        case ("remove", let staged):
            self = .remove(staged: staged, inode: inode, target)
        default:
            return nil
        }
    }
}
