import CProcess
import Glibc

/// What belongs to the process as a whole, and so to none of its plugins.
struct ProcessState {
    private let handlers: [Int]
    private let directory: String
    private let environment: [String]
    private let mask: mode_t
    private let locale: String

    private static let signals: ClosedRange<CInt> = 1...64

    static func current() -> ProcessState {
        let mask = umask(0o077)
        umask(mask)
        return ProcessState(
            handlers: signals.map(handler),
            directory: workingDirectory(),
            environment: environmentEntries(),
            mask: mask,
            locale: setlocale(LC_ALL, nil).map { String(cString: $0) } ?? ""
        )
    }

    /// What another state has otherwise, one line each.
    func differences(to later: ProcessState) -> [String] {
        var found: [String] = []
        for (index, signal) in ProcessState.signals.enumerated() where handlers[index] != later.handlers[index] {
            found.append("the handler of signal \(signal) (\(String(cString: strsignal(signal)))) is another one")
        }
        if directory != later.directory { found.append("the working directory is now \(later.directory)") }
        for entry in Set(environment).symmetricDifference(later.environment).sorted() {
            let name = entry.prefix { $0 != "=" }
            found.append("the environment variable \(name) is another one")
        }
        if mask != later.mask { found.append("the umask is now \(String(later.mask, radix: 8))") }
        if locale != later.locale { found.append("the locale is now \(later.locale)") }
        return found
    }

    private static func handler(of signal: CInt) -> Int {
        var action = sigaction()
        guard sigaction(signal, nil, &action) == 0 else { return 0 }
        return unsafeBitCast(action.__sigaction_handler, to: Int.self)
    }

    private static func workingDirectory() -> String {
        guard let path = getcwd(nil, 0) else { return "gone" }
        defer { free(path) }
        return String(cString: path)
    }

    private static func environmentEntries() -> [String] {
        guard var entry = cprocess_environment() else { return [] }
        var entries: [String] = []
        while let text = entry.pointee {
            entries.append(String(cString: text))
            entry += 1
        }
        return entries
    }
}
