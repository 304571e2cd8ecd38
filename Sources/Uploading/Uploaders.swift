/// The uploaders there are, by Heron's class names.
public enum Uploaders {
    static let localFileSystem = "org.apache.heron.uploader.localfs.LocalFileSystemUploader"
    static let null = "org.apache.heron.uploader.NullUploader"

    private static let notThereYet: Set<String> = Set(
        [
            "hdfs.HdfsUploader", "scp.ScpUploader", "s3.S3Uploader", "http.HttpUploader", "gcs.GcsUploader",
            "dlog.DLUploader",
        ]
        .map { "org.apache.heron.uploader.\($0)" }
    )

    /// The uploader with a class name; Heron's older `com.twitter.heron` names mean the same.
    ///
    /// Throws ``UploadError`` if there is none, or a setting or name does not suit it.
    ///
    /// - Parameters:
    ///   - className: `heron.class.uploader`.
    ///   - directory: `heron.uploader.localfs.file.system.directory`, tokens replaced; only
    ///     ``LocalFileSystemUploader`` needs it.
    ///   - topology: the topology's name.
    ///   - role: the role it is submitted under.
    public static func named(
        _ className: String,
        directory: String?,
        topology: String,
        role: String
    ) throws -> any Uploader {
        let older = "com.twitter.heron."
        let name: String =
            className.hasPrefix(older) ? "org.apache.heron." + className.dropFirst(older.count) : className
        switch name {
        case localFileSystem:
            guard let directory, !directory.isEmpty else {
                throw UploadError.missingSetting(key: "heron.uploader.localfs.file.system.directory")
            }
            return try LocalFileSystemUploader(directory: directory, topology: topology, role: role)
        case null:
            return NullUploader()
        case _ where notThereYet.contains(name):
            throw UploadError.notThereYet(className: className)
        default:
            throw UploadError.unknownClass(className)
        }
    }
}
