import Files
import Glibc
import PluginHost

/// Languages for which the distribution has a template. The raw value is the name of the template's folder.
public enum PluginLanguage: String, Sendable, CaseIterable {
    case c
    case swift
}

/// Source files of a plugin that works as it is, in a folder of the distribution; made anew for a name.
public struct PluginTemplate: Sendable {
    private let folder: String

    /// The template for a language in a distribution, `heronHome`. Throws ``TemplateError`` if it is not there.
    public init(_ language: PluginLanguage, heronHome: String) throws {
        folder = "\(heronHome)/share/heron/templates/\(language.rawValue)"
        guard (try? FileStatus(following: folder).kind) == .folder else {
            throw TemplateError(
                .missingTemplate,
                "this heron has no templates for plugins: there is no folder \(folder); install heron again"
            )
        }
    }

    /// Makes a folder with the sources of a plugin and returns its path.
    ///
    /// The folder gets the plugin's name and must not exist, or be empty. Either all of it is made or nothing. Blocks.
    /// Throws ``TemplateError`` or `FileError`.
    ///
    /// - Parameter parent: the folder that gets the new one; it must exist.
    public func make(_ name: String, in parent: String) throws -> String {
        guard PluginName.isValid(name) else {
            throw TemplateError(.invalidName, "\(quoted(name)) cannot be a plugin's name: use \(PluginName.rule)")
        }
        let path: String = "\(parent)/\(name)"
        try checkFree(path)
        let temporary = "\(parent)/\(temporaryName(for: name))"
        // What fails here is about the parent: the message has the name that the user knows.
        guard mkdir(temporary, 0o777) == 0 else { throw FileError("create the folder", path, code: errno) }
        do {
            try copyEntries(of: folder, to: temporary, TemplateWords(name: name))
            try rename(temporary, to: path)
        } catch {
            try? removeTree(temporary)
            throw error
        }
        return path
    }

    private func checkFree(_ path: String) throws {
        guard let status = try FileStatus.ifPresent(path) else { return }
        guard status.kind == .folder, try folderEntries(path).isEmpty else { throw taken(path) }
    }

    /// In one step; an empty folder is replaced.
    private func rename(_ temporary: String, to path: String) throws {
        do {
            try renameFile(temporary, to: path)
        } catch let error as FileError where [EEXIST, ENOTEMPTY, ENOTDIR].contains(error.code) {
            throw taken(path)
        }
    }

    private func taken(_ path: String) -> TemplateError {
        TemplateError(.exists, "\(quoted(path)) exists already; choose another name or directory, or remove it")
    }

    private func copyEntries(of source: String, to target: String, _ words: TemplateWords) throws {
        for name in try folderEntries(source) {
            let entry = "\(source)/\(name)"
            switch try FileStatus.ifPresent(entry)?.kind {
            case .folder:
                _ = try createFolders("\(target)/\(name)")
                try copyEntries(of: entry, to: "\(target)/\(name)", words)
            case .regular: try copyText(entry, to: "\(target)/\(name)", words)
            default:
                throw TemplateError(
                    .missingTemplate,
                    "the template is damaged: \(entry) is not a file; install heron again"
                )
            }
        }
    }

    private func copyText(_ source: String, to target: String, _ words: TemplateWords) throws {
        let input = try File(reading: source)
        let bytes = try input.bytes(at: 0, count: Int(try input.status().size))
        let output = try File(creating: target)
        let text = words.replace(in: String(decoding: bytes, as: UTF8.self))
        try Array(text.utf8).withUnsafeBytes { try output.write($0) }
        try output.close()
    }
}
