import Files
import MesosProtocol

/// What one URI of a command asks for, by the rules of Mesos's fetcher.
struct FetchItem: Sendable, Hashable {
    enum Source: Sendable, Hashable {
        /// A file of this machine, by its absolute path.
        case file(String)
        case http(String)
    }

    /// What is done with the file once it is there.
    enum Use: Sendable, Hashable {
        case keep
        case makeExecutable
        case extract
    }

    let source: Source
    /// The file's name in the sandbox, with folders in front of it if need be.
    let name: String
    let use: Use
    /// Whether only the content of an archive is wanted.
    let leavesNoArchive: Bool

    init(_ uri: MesosCommandInfo.URI) throws(FetchError) {
        guard !uri.value.unicodeScalars.contains(where: { $0 == "\\" || $0 == "'" || $0 == "\0" }) else {
            throw FetchError("the URI holds a backslash, a quote or a NUL")
        }
        source = try FetchItem.source(uri.value)
        name = try FetchItem.name(uri)
        use = uri.executable ? .makeExecutable : uri.extract ? try FetchItem.use(of: name) : .keep
        leavesNoArchive = uri.cache
    }

    private static func source(_ uri: String) throws(FetchError) -> Source {
        if uri.hasPrefix("/") { return .file(uri) }
        guard let colon = uri.firstRange(of: "://") else {
            throw FetchError("it is a relative path, and this agent has no --frameworks_home")
        }
        switch uri[..<colon.lowerBound].lowercased() {
        case "http", "https": return .http(uri)
        case "file":
            let rest = uri[colon.upperBound...]
            let path = rest.hasPrefix("localhost/") ? rest.dropFirst("localhost".count) : rest
            guard path.hasPrefix("/") else { throw FetchError("a file URI needs an absolute path: file:///…") }
            return .file(String(path))
        case let scheme: throw FetchError("'\(scheme)' is not simulated, only http, https and file are")
        }
    }

    private static func name(_ uri: MesosCommandInfo.URI) throws(FetchError) -> String {
        let name =
            uri.hasOutputFile
            ? uri.outputFile
            : uri.value.split(separator: "/", omittingEmptySubsequences: false).last.map { String($0) } ?? ""
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isPath = !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) && !name.utf8.contains(0)
        guard isPath else { throw FetchError("'\(name)' cannot be the name of a file in the sandbox") }
        return name
    }

    /// By the name's ending. Names that are no archive's are kept as they are.
    private static func use(of name: String) throws(FetchError) -> Use {
        if [".tar", ".tar.gz", ".tgz"].contains(where: { name.hasSuffix($0) }) { return .extract }
        let others = [".tbz2", ".tar.bz2", ".txz", ".tar.xz", ".zip", ".gz"]
        if let ending = others.first(where: { name.hasSuffix($0) }) {
            throw FetchError("extracting '\(ending)' is not simulated, only .tar, .tar.gz and .tgz are")
        }
        return .keep
    }
}

/// Why a URI cannot be fetched: what is wrong with it, as fits behind "Failed to fetch '…': ".
struct FetchError: Error, Sendable, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
