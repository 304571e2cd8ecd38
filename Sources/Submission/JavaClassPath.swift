import Files
import HeronConfig
import PackageFiles

/// The jars that a Java topology's program runs with: those that the user submits, and those of the distribution.
struct JavaClassPath: Sendable {
    /// As `java -cp` takes it.
    let text: String
    /// The user's, as far as containers have them on their class path, too.
    let jars: [JarFile]
    /// The user's that only the program sees: at an archive's top, beside the one named after the archive.
    let hidden: [JarFile]
    /// The distribution's, for the program only, too.
    let provided: [JarFile]

    /// What to do about jars that containers do not have on their class path.
    static let layout = "name the topology's jar after the archive, and put the others into libs/"

    /// Of a single jar with everything in it.
    static func jar(_ file: TopologyFile, thirdParty: String) throws -> JavaClassPath {
        JavaClassPath(
            text: try joined([file.path, "\(thirdParty)/*"]),
            jars: [try JarFile(path: file.path)],
            hidden: [],
            provided: try paths(in: thirdParty).map { try JarFile(path: $0) }
        )
    }

    /// Of an archive of jars: the one named after the archive at its top, others in `libs`.
    ///
    /// It is extracted into `folder`, which must not exist.
    static func tar(_ file: TopologyFile, extractedTo folder: String, thirdParty: String) throws -> JavaClassPath {
        try unpackPackage(at: file.path, into: folder)
        let ending: String = [".tar.gz", ".tar"].first(where: file.name.hasSuffix) ?? ""
        let mainName = "\(file.name.dropLast(ending.count)).jar"
        let main = "\(folder)/\(mainName)"
        let top: [String] = try paths(in: folder)
        let seen: [String] = try top.filter { $0 == main } + paths(in: "\(folder)/libs")
        guard !seen.isEmpty else {
            throw SubmissionError(
                "topology file '\(file.givenPath)' has no jar where containers look for it: neither '\(mainName)' at its"
                    + " top nor any in libs/",
                hint: layout
            )
        }
        return JavaClassPath(
            text: try joined([main, "\(folder)/*", "\(folder)/libs/*", "\(thirdParty)/*"]),
            jars: try seen.map { try JarFile(path: $0) },
            // A broken one does no harm there: Java passes over it.
            hidden: top.filter { $0 != main }.compactMap { try? JarFile(path: $0) },
            provided: try paths(in: thirdParty).map { try JarFile(path: $0) }
        )
    }

    /// The jars in a folder, sorted by name; none if there is no such folder.
    private static func paths(in folder: String) throws -> [String] {
        guard try FileStatus.ifPresent(folder)?.kind == .folder else { return [] }
        return try folderEntries(folder).filter { $0.hasSuffix(".jar") }.sorted().map { "\(folder)/\($0)" }
    }

    private static func joined(_ entries: [String]) throws -> String {
        if let entry: String = entries.first(where: { $0.contains(":") }) {
            throw SubmissionError(
                "'\(entry)' cannot be on Java's class path: it contains a colon",
                hint: "move it to a folder without one"
            )
        }
        return entries.joined(separator: ":")
    }
}
