import Files
import Glibc

extension TopologyProgram {
    /// Of a `.so` or `.dylib`: in place of a class the user names a program, which defines the topology that the library
    /// runs.
    static func native(_ file: TopologyFile, program: String, arguments: [String]) throws -> TopologyProgram {
        guard access(program, X_OK) == 0 else {
            throw SubmissionError(
                "cannot run '\(program)': \(String(cString: strerror(errno)))",
                hint: "in place of a class, name the program that defines the topology"
            )
        }
        return TopologyProgram(
            file: file,
            subject: "cpp binary '\(program)'",
            command: [try absolutePath(program)] + arguments,
            remedy: "in place of a class, name the program that defines the topology"
        )
    }
}
