import Glibc

/// Where a child's standard output or standard error goes.
public enum ChildOutput: Sendable, Hashable {
    /// Nowhere.
    case null
    /// To the end of a file, which is created if need be; a relative path counts from the child's working directory.
    case file(String)
    /// To an open descriptor of this process, which stays open and the caller's.
    case descriptor(Int32)

    /// This process's own standard output.
    public static var inheritedOutput: ChildOutput { .descriptor(STDOUT_FILENO) }
    /// This process's own standard error.
    public static var inheritedError: ChildOutput { .descriptor(STDERR_FILENO) }

    /// A descriptor of 3 or more to hand to the child.
    func open(from directory: Int32, as what: String) throws -> Descriptor {
        let opened: Descriptor
        switch self {
        case .null: opened = try .open("/dev/null", O_WRONLY, as: what)
        case .file(let path): opened = try .open(path, O_WRONLY | O_CREAT | O_APPEND, from: directory, as: what)
        case .descriptor(let number): return try .copy(of: number)
        }
        return opened.number > STDERR_FILENO ? opened : try .copy(of: opened.number)
    }
}
