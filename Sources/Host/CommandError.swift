import HeronConfig

/// A failure that a command finds itself, as one line.
struct CommandError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Heron's client can hand its work to an API server; there is none here yet.
enum ServerMode {
    /// Throws ``CommandError`` if the user's own configuration of a cluster names an API server.
    static func refuse(_ settings: ClientSettings, cluster: String) throws {
        guard try settings.list().contains(where: { $0.property == "service_url" && !$0.value.isEmpty }) else { return }
        throw CommandError(
            "\(settings.path) sets service_url, but an API server is not supported yet;"
                + " run: heron config \(cluster) unset service_url"
        )
    }

    static func refuse(_ serviceURL: String?) throws {
        guard let serviceURL else { return }
        throw CommandError("--service-url \(serviceURL): an API server is not supported yet; leave the option out")
    }
}
