/// Uploads nothing, for clusters that get packages in some way of their own.
public struct NullUploader: Uploader {
    public init() {}

    public func upload(_ package: String) -> any UploadedPackage { Nothing() }

    public func remove() {}

    private struct Nothing: UploadedPackage {
        /// What Heron's own null uploader returns.
        let uri = "null://uploader:9519/w#lanfang"

        func keep() {}
        func undo() {}
    }
}
