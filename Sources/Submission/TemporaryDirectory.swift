import Files
import Glibc

/// A directory of this command's own, readable by no one else.
struct TemporaryDirectory: Sendable {
    let path: String

    /// Makes the directory in `TMPDIR`, or in `/tmp`.
    static func create() throws -> TemporaryDirectory {
        let parent: String = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template: [CChar] = Array("\(parent)/heron-submit-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw SubmissionError(
                "cannot make a directory in '\(parent)': \(String(cString: strerror(errno)))",
                hint: "free some space, or name another place with TMPDIR"
            )
        }
        return TemporaryDirectory(
            path: String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        )
    }

    /// Removes the directory with all that is in it; what cannot be removed stays for the system to clean up.
    func remove() {
        try? removeTree(path)
    }

    func makeSubdirectory(_ name: String) throws -> String {
        let folder: String = "\(path)/\(name)"
        guard mkdir(folder, 0o700) == 0 else {
            throw SubmissionError("cannot make '\(folder)': \(String(cString: strerror(errno)))")
        }
        return folder
    }
}
