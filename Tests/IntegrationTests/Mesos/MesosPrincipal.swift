import Testing

/// Who may register a framework where the master authenticates, with a secret that is used nowhere else.
struct MesosPrincipal: Sendable {
    static let name = "heron"

    let secret = "hush-\(UInt64.random(in: 0...UInt64.max))"
    /// The value of the Authorization header.
    let authorization: String
    /// Files of mode 0600: the secret, the whole header's value, and what the master reads.
    let secretFile: String
    let authorizationFile: String
    let masterFile: String

    /// Writes the files into the user's home directory.
    init(_ user: User) async throws {
        secretFile = user.home + "/mesos.secret"
        authorizationFile = user.home + "/mesos.authorization"
        masterFile = user.home + "/mesos.credentials"
        try await user.shell(
            """
            umask 077
            echo '\(secret)' >mesos.secret
            printf 'Basic %s' "$(printf %s '\(Self.name):\(secret)' | base64 -w 0)" >mesos.authorization
            echo '{"credentials":[{"principal":"\(Self.name)","secret":"\(secret)"}]}' >mesos.credentials
            """
        )
        authorization = String(decoding: user.contents(authorizationFile), as: UTF8.self)
        try #require(authorization.count > 10)
    }

    /// What a command needs to be let in.
    var options: [String] {
        [
            "--config-property", "heron.mesos.framework.principal=\(Self.name)",
            "--config-property", "heron.mesos.framework.secret.file=\(secretFile)",
        ]
    }

    /// What makes a command use the whole header's value instead.
    var authorizationOptions: [String] {
        [
            "--config-property", "heron.mesos.framework.principal=",
            "--config-property", "heron.mesos.framework.secret.file=",
            "--config-property", "heron.mesos.framework.authorization.file=\(authorizationFile)",
        ]
    }

    /// The texts that nobody else may see: the secret, and the header's value, from which it can be read.
    var secrets: [String] { [secret, String(authorization.dropFirst("Basic ".count))] }
}
