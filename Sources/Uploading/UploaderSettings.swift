/// What the uploaders are set up with, tokens replaced; nil or empty where nothing sets it.
public struct UploaderSettings: Sendable {
    /// `heron.uploader.localfs.file.system.directory`.
    public var directory: String?
    /// `heron.uploader.http.uri`.
    public var httpURI: String?
    /// The topology's name.
    public var topology: String
    /// The role it is submitted under.
    public var role: String

    public init(directory: String?, httpURI: String?, topology: String, role: String) {
        self.directory = directory
        self.httpURI = httpURI
        self.topology = topology
        self.role = role
    }

    /// Throws ``UploadError/missingSetting(key:)`` if the setting has no value.
    func require(_ setting: KeyPath<UploaderSettings, String?>, _ key: String) throws -> String {
        guard let value: String = self[keyPath: setting], !value.isEmpty else {
            throw UploadError.missingSetting(key: key)
        }
        return value
    }
}
