/// A failure that a command finds itself, as one line.
struct CommandError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Heron's client can hand its work to an API server; there is none here yet.
enum ServerMode {
    static func refuse(_ serviceURL: String?) throws {
        guard let serviceURL else { return }
        throw CommandError("--service-url \(serviceURL): an API server is not supported yet; leave the option out")
    }
}
