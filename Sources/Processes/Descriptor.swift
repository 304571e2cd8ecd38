import CProcess
import Glibc

/// An open descriptor, closed with the last reference to it.
final class Descriptor: Sendable {
    let number: Int32

    init(takingOwnership number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// Opens a file; a relative path counts from `directory`. Throws a line that names the path.
    static func open(
        _ path: String,
        _ flags: Int32,
        from directory: Int32 = AT_FDCWD,
        as what: String
    ) throws -> Descriptor {
        let number = openat(directory, path, flags | O_CLOEXEC, 0o644)
        guard number >= 0 else { throw ProcessError.system("cannot open the \(what) '\(path)'", errno) }
        return Descriptor(takingOwnership: number)
    }

    /// Opens the directory that a child shall work in.
    static func directory(_ path: String) throws -> Descriptor {
        let number = cprocess_open_directory(path)
        guard number >= 0 else { throw ProcessError.system("cannot use '\(path)' as the working directory", errno) }
        return Descriptor(takingOwnership: number)
    }

    /// A copy of any descriptor with a number of 3 or more, out of the way of a child's standard descriptors.
    static func copy(of number: Int32) throws -> Descriptor {
        let copy = fcntl(number, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else { throw ProcessError.system("cannot duplicate descriptor \(number)", errno) }
        return Descriptor(takingOwnership: copy)
    }
}
