import Files
import HeronConfig
import HeronYAML

/// What a package gets of the cluster's configuration folder: everything but secrets.
struct PackedConfiguration: Sendable {
    private let keys: Set<String>
    /// Files are the same whatever they are called: a link to a secret is one.
    private let withheld: Set<FileStatus.Identity>
    private let copies: String
    private let warn: @Sendable (String) -> Void

    /// Longer files are no configuration: nothing reads them as such.
    private static let longestYAML: Int64 = 1 << 20

    /// - Parameters:
    ///   - copies: a folder for the files that are packed in the place of others.
    ///   - warn: told about files that are left out although nothing names them, one line each.
    init(_ secrets: ConfigSecrets, copies: String, warn: @escaping @Sendable (String) -> Void) {
        keys = secrets.keys
        withheld = Set(secrets.files.compactMap { try? FileStatus(following: $0).identity })
        self.copies = copies
        self.warn = warn
    }

    /// The file to pack in the place of one of the folder's; nil for none.
    ///
    /// A secret file is left out. A file with a secret key, be it in a comment, is packed as a copy without the key and
    /// without comments. Throws `FileError`. Blocks.
    @Sendable func choose(_ path: String) throws -> String? {
        let status = try FileStatus(following: path)
        guard !withheld.contains(status.identity) else { return nil }
        guard !keys.isEmpty, status.size <= PackedConfiguration.longestYAML else { return path }
        let file = try File(reading: path)
        let text = String(decoding: try file.bytes(at: 0, count: Int(status.size)), as: UTF8.self)
        guard let key: String = secretKey(in: text) else { return path }
        guard let rest: String = withoutKeys(text), secretKey(in: rest) == nil else {
            warn("\(path) is not packed: it mentions \(key), whose value is secret, and not as a key of a YAML file")
            return nil
        }
        return try copy(rest)
    }

    private func secretKey(in text: String) -> String? { keys.sorted().first(where: text.contains) }

    /// The same YAML map without secret keys and comments; nil if it is none.
    private func withoutKeys(_ text: String) -> String? {
        guard let map: YAMLMap = try? YAMLDocument.parse(text, name: "").map() else { return nil }
        return YAMLWriter.blockMap(map.entries.filter { !keys.contains($0.key) }.map { ($0.key, $0.value) })
    }

    private func copy(_ text: String) throws -> String {
        let path = "\(copies)/\(temporaryName(for: "packed"))"
        let file = try File(creating: path)
        try Array(text.utf8).withUnsafeBytes { try file.write($0) }
        try file.close()
        return path
    }
}
