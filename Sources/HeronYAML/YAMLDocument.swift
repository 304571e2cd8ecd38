/// One YAML document and the file it came from.
///
/// YAML 1.1 as Heron's readers understand it, with three differences: a duplicate key is an error (they keep the last
/// one), dates stay text, and merge keys (`<<`) are refused. What a file may cost is limited by ``YAMLLimits``.
public struct YAMLDocument: Sendable {
    /// The file's path, or the name given to ``parse(_:name:limits:)``.
    public let name: String
    /// The document's value; `null` for an empty document.
    public let root: YAMLValue

    /// Reads a file. Throws ``YAMLError`` if it is missing, unreadable, too large or malformed.
    public static func load(path: String, limits: YAMLLimits = YAMLLimits()) throws -> YAMLDocument {
        guard let document = try loadIfPresent(path: path, limits: limits) else {
            throw YAMLError(file: path, line: nil, message: "there is no such file")
        }
        return document
    }

    /// Reads a file that may be missing: nil if there is none. Throws ``YAMLError`` otherwise, as ``load(path:limits:)``.
    public static func loadIfPresent(path: String, limits: YAMLLimits = YAMLLimits()) throws -> YAMLDocument? {
        guard let bytes = try YAMLFile.read(path, limit: limits.bytes) else { return nil }
        return try parse(bytes, name: path, limits: limits)
    }

    /// Parses a text. `name` stands for the file in errors. Throws ``YAMLError``.
    public static func parse(
        _ text: String,
        name: String,
        limits: YAMLLimits = YAMLLimits()
    ) throws -> YAMLDocument {
        try parse(Array(text.utf8), name: name, limits: limits)
    }

    private static func parse(_ bytes: [UInt8], name: String, limits: YAMLLimits) throws -> YAMLDocument {
        guard bytes.count <= limits.bytes else {
            throw YAMLError(file: name, line: nil, message: "larger than \(limits.bytes) bytes")
        }
        var composer = YAMLComposer(events: YAMLEvents(bytes, name: name), name: name, limits: limits)
        return YAMLDocument(name: name, root: try composer.document())
    }

    /// The document as a map; an empty document is an empty map. Throws ``YAMLError`` for anything else.
    public func map() throws -> YAMLMap {
        switch root {
        case .map(let map): return map
        case .null: return YAMLMap()
        default:
            throw YAMLError(
                file: name,
                line: 1,
                message: "expected lines of the form 'key: value', found \(root.typeName)"
            )
        }
    }

    /// The line of a top-level key, from 1; nil if the document does not have the key.
    public func line(of key: String) -> Int? { root.mapValue?.entry(key)?.line }
}

/// What a YAML file may cost at most, so that a broken or hostile one cannot use up the memory or the stack.
public struct YAMLLimits: Sendable {
    /// The size of the text.
    public var bytes: Int
    /// How deep maps and lists may be nested.
    public var depth: Int
    /// How many values there may be; an alias counts as often as it is used.
    public var nodes: Int

    public init(bytes: Int = 1 << 20, depth: Int = 64, nodes: Int = 100_000) {
        self.bytes = bytes
        self.depth = depth
        self.nodes = nodes
    }
}
