import Glibc

/// What a configuration takes from the process and its user.
public struct UserEnvironment: Sendable, Hashable {
    /// The user's home directory: `${HOME}` and `~`.
    public var home: String
    /// `${JAVA_HOME}`; nil if the variable is not set, then the token stays as it is.
    public var javaHome: String?
    /// The user's login name, the role where none is given.
    public var loginName: String

    public init(home: String, javaHome: String? = nil, loginName: String) {
        self.home = home
        self.javaHome = javaHome
        self.loginName = loginName
    }

    /// The environment of this process.
    ///
    /// The home directory is `$HOME`, else the password database's. The login name is the password database's, as
    /// Heron's, else (a container may run as a user without an entry) `$LOGNAME` or `$USER`. Throws ``ConfigError`` if
    /// either cannot be found.
    public static func current() throws -> UserEnvironment {
        let entry = PasswordEntry.ofCurrentUser()
        guard let home = variable("HOME") ?? entry?.home else {
            throw ConfigError(.missingKey, "the home directory is unknown: set the environment variable HOME")
        }
        guard let name = entry?.name ?? variable("LOGNAME") ?? variable("USER") else {
            throw ConfigError(.missingKey, "user \(getuid()) has no login name: set the environment variable LOGNAME")
        }
        return UserEnvironment(home: home, javaHome: variable("JAVA_HOME"), loginName: name)
    }

    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
        return value
    }
}

private struct PasswordEntry {
    let name: String
    let home: String?

    static func ofCurrentUser() -> PasswordEntry? {
        var size: Int = 1024
        while size <= 1 << 20 {
            var entry = passwd()
            var found: UnsafeMutablePointer<passwd>?
            var buffer = [CChar](repeating: 0, count: size)
            let code: Int32 = getpwuid_r(getuid(), &entry, &buffer, buffer.count, &found)
            if code == ERANGE {
                size *= 2
                continue
            }
            guard code == 0, found != nil, let name = entry.pw_name.map({ String(cString: $0) }), !name.isEmpty else {
                return nil
            }
            let home: String = entry.pw_dir.map { String(cString: $0) } ?? ""
            return PasswordEntry(name: name, home: home.isEmpty ? nil : home)
        }
        return nil
    }
}
