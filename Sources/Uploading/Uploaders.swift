/// The uploaders there are, by Heron's class names.
public enum Uploaders {
    static let localFileSystem = "org.apache.heron.uploader.localfs.LocalFileSystemUploader"
    static let scheduler = "org.apache.heron.uploader.scheduler.SchedulerUploader"
    static let http = "org.apache.heron.uploader.http.HttpUploader"
    static let null = "org.apache.heron.uploader.NullUploader"

    /// Every class that there is, for messages.
    static let known: String = [localFileSystem, scheduler, http, null].joined(separator: ", ")

    private static let notThereYet: Set<String> = Set(
        ["hdfs.HdfsUploader", "scp.ScpUploader", "s3.S3Uploader", "gcs.GcsUploader", "dlog.DLUploader"]
            .map { "org.apache.heron.uploader.\($0)" }
    )

    /// The uploader with a class name, that of `heron.class.uploader`; Heron's older `com.twitter.heron` names mean the
    /// same.
    ///
    /// Throws ``UploadError`` if there is none, or a setting or name does not suit it.
    public static func named(_ className: String, _ settings: UploaderSettings) throws -> any Uploader {
        let older = "com.twitter.heron."
        let name: String =
            className.hasPrefix(older) ? "org.apache.heron." + className.dropFirst(older.count) : className
        switch name {
        case localFileSystem:
            return try LocalFileSystemUploader(
                directory: settings.require(\.directory, "heron.uploader.localfs.file.system.directory"),
                topology: settings.topology,
                role: settings.role
            )
        case scheduler:
            return SchedulerUploader()
        case http:
            return try HTTPUploader(uri: settings.require(\.httpURI, HTTPUploader.uriKey))
        case null:
            return NullUploader()
        case _ where notThereYet.contains(name):
            throw UploadError.notThereYet(className: className)
        default:
            throw UploadError.unknownClass(className)
        }
    }
}
