import Files

/// A Java archive, known by its directory.
public struct JarFile: Sendable {
    public let path: String
    private let entries: [String: ZipDirectory.Entry]

    /// Reads the archive's directory. Throws ``PackageError`` or `FileError`. Blocks.
    public init(path: String) throws {
        self.path = path
        let directory = try ZipDirectory(File(reading: path), of: "a jar")
        if let entry = directory.entries.first(where: \.isEncrypted) {
            throw PackageError.malformed(package: path, reason: "\(quoted(entry.name)) in it is encrypted")
        }
        entries = Dictionary(directory.entries.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }

    /// Whether it has a class, by the name that Java gives it: `org.example.Words$Count`.
    public func contains(className: String) -> Bool {
        entry(of: className) != nil
    }

    /// The version of Java that a class was compiled for, as 8 or 17; nil if there is no such class, or it is none.
    ///
    /// Throws `FileError`. Blocks: reads the beginning of the class's file (Java Virtual Machine Specification, 4.1).
    public func javaVersion(of className: String) throws -> Int? {
        guard let beginning = try entry(of: className)?.beginning(8, in: File(reading: path)),
            beginning.starts(with: [0xCA, 0xFE, 0xBA, 0xBE])
        else { return nil }
        // Java 1.1 has 45; 1.8 is 8.
        let major = Int(beginning[6]) << 8 | Int(beginning[7])
        return major < 45 ? nil : major - 44
    }

    private func entry(of className: String) -> ZipDirectory.Entry? {
        guard !className.contains("/") else { return nil }
        return entries[String(className.map { $0 == "." ? "/" : $0 }) + ".class"]
    }

    /// Whether it has anything in a package, by the name that Java gives it: `org.example`.
    public func contains(package: String) -> Bool {
        let folder: String = String(package.map { $0 == "." ? "/" : $0 }) + "/"
        return entries.keys.contains { $0.hasPrefix(folder) }
    }

    /// The classes in it, by the names that Java gives them, in no order.
    public var classNames: [String] {
        entries.keys.filter { $0.hasSuffix(".class") }
            .map { name in String(name.dropLast(".class".count).map { $0 == "/" ? "." : $0 }) }
    }
}
