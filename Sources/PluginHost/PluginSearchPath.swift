import CPluginHost
import Glibc

/// The folders in which plugins are looked for; each holds one folder per plugin.
public struct PluginSearchPath: Sendable {
    /// One folder of the path.
    public struct Folder: Sendable, Hashable {
        public let path: String
        /// Why it is searched: the variable or rule that named it.
        public let origin: String

        public init(path: String, origin: String) {
            self.path = path
            self.origin = origin
        }
    }

    public let folders: [Folder]
    /// What was left out, one line each.
    public let notes: [String]

    public init(folders: [Folder], notes: [String] = []) {
        self.folders = folders
        self.notes = notes
    }

    /// The variable that adds folders, absolute and separated by `:`.
    public static let variable = "HERON_PLUGIN_PATH"

    /// The usual path: the variable's folders, `~/.heron/plugins` and the distribution's `lib/plugins`.
    ///
    /// In an elevated process, one that has more rights than whoever started it, the variable is ignored and the home
    /// directory is taken from the user database.
    public static func standard(
        environment: (String) -> String? = { getenv($0).map { String(cString: $0) } },
        heronHome: String,
        elevated: Bool = heron_is_elevated()
    ) -> PluginSearchPath {
        var folders: [Folder] = []
        var notes: [String] = []
        let added = environment(variable) ?? ""
        if elevated && !added.isEmpty {
            notes.append("\(variable) is ignored, because this process has more rights than the user who started it")
        } else {
            for path in added.split(separator: ":").map(String.init) {
                if path.hasPrefix("/") {
                    folders.append(Folder(path: path, origin: variable))
                } else {
                    notes.append("'\(path)' of \(variable) is ignored, because it is not an absolute path")
                }
            }
        }
        if let home = (elevated ? nil : environment("HOME")) ?? Accounts.home(of: geteuid()), home.hasPrefix("/") {
            folders.append(Folder(path: "\(home)/.heron/plugins", origin: "the user's plugins"))
        }
        folders.append(Folder(path: "\(heronHome)/lib/plugins", origin: "the distribution's plugins"))
        return PluginSearchPath(folders: folders, notes: notes)
    }
}
