import HeronConfig
import Uploading

extension UploaderSettings {
    /// The settings of a topology's uploader in a configuration. Throws `ConfigError` where one cannot be read.
    public init(_ config: Config, topology: String, role: String) throws {
        self.init(
            directory: try config.find(.localUploadDirectory),
            httpURI: try config.find(.httpUploadURI),
            topology: topology,
            role: role
        )
    }
}
