import PluginABI

/// Why a plugin could not be found, loaded or used.
///
/// `description` is one line: which plugin, in which function, what failed, and what to do.
public struct PluginError: Error, Sendable, CustomStringConvertible {
    /// What went wrong, for code that reacts to it.
    public enum Code: Sendable, Hashable {
        /// No plugin answers to the class.
        case noPlugin
        /// More than one plugin answers to the class.
        case ambiguous
        /// The manifest cannot be read or is not valid.
        case badManifest
        /// A file or folder of the plugin could be changed by someone else, or is not where it says.
        case unsafe
        /// The library has not the checksum that its manifest states.
        case checksum
        /// The dynamic loader refused the library.
        case unloadable
        /// The library does not export the entry.
        case noEntry
        /// Plugin and host speak different versions of the ABI, or the plugin's tables do not keep to it.
        case wrongABI
        /// The manifest says other things than the library.
        case mismatch
        /// A configuration key that the manifest declares has a value of another type.
        case badConfiguration
        /// A function of the plugin failed with this status of `heron/status.h`.
        case failed(Int32)
        /// A function of the plugin did not return.
        case hung
        /// An operation does not take what it was given.
        case badArguments
        /// The instance was closed.
        case closed
        /// The process cannot have another thread.
        case noThread
    }

    public let code: Code
    /// The plugin's name, or an empty string where none could be told.
    public let plugin: String
    /// The function that was being called, as in the ABI's headers; empty if none was.
    public let function: String
    public let message: String
    /// What to do about it, if more can be said than the message does.
    public let hint: String?

    public init(_ code: Code, plugin: String = "", function: String = "", _ message: String, hint: String? = nil) {
        self.code = code
        self.plugin = plugin
        self.function = function
        self.message = message
        self.hint = hint
    }

    /// Whether the plugin answered that it does not offer what was asked for.
    public var isUnsupported: Bool { code == .failed(HERON_UNSUPPORTED) }

    public var description: String {
        let name: String = plugin.isEmpty ? "" : "plugin \(plugin): "
        let place: String = function.isEmpty ? "" : "\(function): "
        let advice: String = hint.map { "; \($0)" } ?? ""
        return (name + place + message + advice).map { $0.isNewline ? " " : String($0) }.joined()
    }
}
