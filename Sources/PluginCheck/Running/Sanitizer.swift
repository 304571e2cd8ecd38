import Glibc
import Processes

/// A sanitizer's runtime, which has to be in a process before anything else.
public enum Sanitizer: String, Sendable, CaseIterable {
    case address

    private var library: String {
        switch self {
        case .address: "libasan.so"
        }
    }

    /// The path of the C compiler's runtime; throws ``CheckError`` if there is none.
    public func runtime() async throws -> String {
        let name = library
        do {
            let told = try await ChildProcess.runToCompletion(
                executable: "cc",
                arguments: ["-print-file-name=\(name)"],
                environment: ChildProcess.currentEnvironment(),
                timeLimit: .seconds(10)
            )
            let path = String(decoding: told.output, as: UTF8.self).filter { !$0.isNewline }
            guard path.hasPrefix("/"), let resolved = realpath(path, nil) else {
                throw CheckError("the C compiler has no \(name): install its sanitizers, or leave --sanitize out")
            }
            defer { free(resolved) }
            return String(cString: resolved)
        } catch let error as ProcessError {
            throw CheckError("--sanitize needs a C compiler: \(error.description)")
        }
    }
}
