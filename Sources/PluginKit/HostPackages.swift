import PluginABI

extension Host {
    /// Serves a regular file of the working directory over HTTP, and returns its absolute URL. For schedulers.
    ///
    /// Whoever knows the file's checksum, which is part of the URL, may download it; a file that changes afterwards is
    /// served no more until it is published again. Reads the whole file. Throws ``PluginFailure``: `notFound`,
    /// `invalidArgument` if it lies elsewhere, `unsupported` where the scheduler has no service.
    ///
    /// - Parameter file: relative to the working directory, or absolute in it.
    public func publish(file: String) throws -> String {
        try publish(file, "publish") { $0.publish }
    }

    /// The same for a file that is a secret: the URL, another one for each call, cannot be guessed and is gone after one
    /// complete download or 15 minutes.
    public func publishOnce(file: String) throws -> String {
        try publish(file, "publish_once") { $0.publish_once }
    }

    private typealias Publish = @convention(c) (UnsafePointer<heron_host>?, heron_string, heron_sink) -> heron_status

    private func publish(_ file: String, _ function: String, _ member: (heron_packages) -> Publish?) throws -> String {
        let packages = try service(HERON_HOST_PACKAGES, as: heron_packages.self)
        let url = Gathering()
        try check(function) { host in
            file.lent { file in url.fill { member(packages.pointer.pointee)?(host, file, $0) } }
        }
        guard let url = url.texts.first else { throw PluginFailure(.failed, "\(function) has brought no URL") }
        return url
    }
}
