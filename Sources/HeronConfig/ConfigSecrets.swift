import Files
import HeronYAML

/// What of a configuration must not leave the machines of the submitter and the scheduler: it does not go into packages,
/// which every container unpacks.
///
/// Which keys are secret, ``KnownKey/secret`` says. Made by ``ConfigLayers/secrets()``.
public struct ConfigSecrets: Sendable {
    /// Keys, under all their names, that a packed configuration must not have.
    public let keys: Set<String>
    /// The paths of files that must not be packed, as far as they are there: those that any layer names.
    public let files: Set<String>
    /// The effective values of secret keys, for the scheduler: paths are absolute, as it works in another directory.
    private let given: [(key: String, value: YAMLValue)]

    /// Where a scheduler finds in its working directory what the packed configuration does not have.
    static let schedulerFile = ".heron-scheduler.yaml"

    init(keys: Set<String>, files: Set<String>, given: [(key: String, value: YAMLValue)]) {
        self.keys = keys
        self.files = files
        self.given = given
    }

    /// The path that a value of a secret key stands for, if any: written as it is, or as a `file://` URI.
    static func file(_ text: String) -> String? {
        let path: Substring = text.hasPrefix("file://") ? text.dropFirst("file://".count) : text[...]
        return path.isEmpty ? nil : String(path)
    }

    /// The value of a key for a process that works in another directory. Throws `FileError`.
    static func given(_ value: YAMLValue, _ secret: KnownKey.Secret) throws -> YAMLValue {
        guard secret == .file, let text = value.stringValue, !text.isEmpty, !text.hasPrefix("file://") else {
            return value
        }
        return .string(try absolutePath(text))
    }

    /// Writes the keys, with their values on this machine, into a file in the scheduler's working directory that only
    /// its owner may read; nothing if no such key is set. ``ConfigLoader/cluster(_:)`` reads it.
    ///
    /// There must be none yet. Blocks for a moment. Throws `FileError`.
    public func giveToScheduler(in workingDirectory: String) throws {
        guard !given.isEmpty else { return }
        let file = try File(creating: "\(workingDirectory)/\(ConfigSecrets.schedulerFile)", permissions: 0o600)
        try Array(YAMLWriter.blockMap(given).utf8).withUnsafeBytes { try file.write($0) }
        try file.close()
    }
}
