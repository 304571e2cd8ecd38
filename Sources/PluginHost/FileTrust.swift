import Glibc

/// Decides whether files that are to be executed could have been written by somebody else.
///
/// A file or folder is trusted if root or the current user owns it and nobody else may write to it. A group may, if it
/// is the user's own: the group that is named like the user and has no other members, as most distributions set it up.
package struct FileTrust: Sendable {
    let user: uid_t
    let ownGroup: gid_t?

    init(user: uid_t, ownGroup: gid_t?) {
        self.user = user
        self.ownGroup = ownGroup
    }

    /// The rule for whoever runs this process.
    package static func ofCurrentUser() -> FileTrust {
        let user: uid_t = geteuid()
        return FileTrust(user: user, ownGroup: Accounts.ownGroup(of: user))
    }

    /// Why something is not to be trusted, or nil if it is.
    func objection(owner: uid_t, group: gid_t, mode: mode_t) -> String? {
        if owner != 0 && owner != user {
            let trusted: String = user == 0 ? "not to root" : "neither to root nor to \(Accounts.name(of: user))"
            return "it belongs to \(Accounts.name(of: owner)), \(trusted)"
        }
        if mode & S_IWOTH != 0 { return "everybody may write to it (mode \(String(mode & 0o7777, radix: 8)))" }
        if mode & S_IWGRP != 0 && group != ownGroup {
            return "group \(group) may write to it (mode \(String(mode & 0o7777, radix: 8)))"
        }
        return nil
    }

    /// Throws unless the path leads to a file (or folder) that is trusted.
    package func check(_ path: String, isFolder: Bool, plugin: String = "") throws {
        var info = stat()
        guard stat(path, &info) == 0 else {
            throw PluginError(.unsafe, plugin: plugin, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
        guard info.st_mode & S_IFMT == (isFolder ? S_IFDIR : S_IFREG) else {
            throw PluginError(.unsafe, plugin: plugin, "\(path) is not a \(isFolder ? "folder" : "file")")
        }
        guard access(path, R_OK) == 0 else {
            throw PluginError(.unsafe, plugin: plugin, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
        if let reason = objection(owner: info.st_uid, group: info.st_gid, mode: info.st_mode) {
            let hint: String? = info.st_mode & (S_IWGRP | S_IWOTH) != 0 ? "run: chmod go-w \(path)" : nil
            throw PluginError(.unsafe, plugin: plugin, "\(path) is not safe: \(reason)", hint: hint)
        }
    }

    /// The path without symbolic links; throws if it does not exist.
    static func resolve(_ path: String, plugin: String = "") throws -> String {
        guard let resolved = realpath(path, nil) else {
            throw PluginError(.unsafe, plugin: plugin, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Throws unless a file of a plugin is trusted and really lies in the plugin's folder, which has no links in its
    /// path.
    package func check(_ path: String, inside folder: String, plugin: String) throws {
        let real = try FileTrust.resolve(path, plugin: plugin)
        guard real.hasPrefix(folder + "/") else {
            throw PluginError(
                .unsafe,
                plugin: plugin,
                "\(path) is a symbolic link out of the plugin's folder, to \(real)",
                hint: "put the file itself into \(folder)"
            )
        }
        try check(real, isFolder: false, plugin: plugin)
    }
}
