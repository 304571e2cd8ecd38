import Glibc

/// Goes through folders for ``PluginCatalog`` and judges what it finds.
struct PluginScanner {
    private let trust: FileTrust
    /// Which plugin folders were met already, by their real path.
    private var seen: Set<String> = []

    init(trust: FileTrust) {
        self.trust = trust
    }

    mutating func scan(_ folder: PluginSearchPath.Folder) -> PluginCatalog.Folder {
        guard access(folder.path, F_OK) == 0 else {
            return PluginCatalog.Folder(folder: folder, skipped: "does not exist", entries: [])
        }
        do {
            let root = try FileTrust.resolve(folder.path)
            try trust.check(root, isFolder: true)
            let names = try PluginScanner.names(in: root)
            let entries = names.compactMap { entry(folder: "\(root)/\($0)") }
            return PluginCatalog.Folder(folder: folder, skipped: nil, entries: entries)
        } catch let error as PluginError {
            return PluginCatalog.Folder(folder: folder, skipped: error.message, entries: [])
        } catch {
            return PluginCatalog.Folder(folder: folder, skipped: "\(error)", entries: [])
        }
    }

    /// The entry of a folder; nil for a file, which is nobody's plugin.
    private mutating func entry(folder: String) -> PluginCatalog.Entry? {
        let path: String = "\(folder)/\(PluginManifest.fileName)"
        var info = stat()
        guard lstat(path, &info) == 0 else {
            guard errno != ENOTDIR else { return nil }
            let reason = String(cString: strerror(errno))
            let problem = PluginError(.badManifest, "cannot read \(path): \(reason)")
            return PluginCatalog.Entry(manifestPath: path, manifest: nil, problem: problem)
        }
        var manifest: PluginManifest?
        do {
            let real = try FileTrust.resolve(folder)
            guard seen.insert(real).inserted else {
                throw PluginError(.unsafe, "\(folder) leads to \(real), which was searched already")
            }
            try trust.check(real, isFolder: true)
            try trust.check("\(real)/\(PluginManifest.fileName)", inside: real, plugin: "")
            let read = try ManifestReader.read(folder: real)
            manifest = read
            try read.checkABI()
            try trust.check(read.libraryPath, inside: real, plugin: read.name)
            return PluginCatalog.Entry(manifestPath: path, manifest: read, problem: nil)
        } catch {
            let problem = error as? PluginError ?? PluginError(.badManifest, "\(error)")
            return PluginCatalog.Entry(manifestPath: path, manifest: manifest, problem: problem)
        }
    }

    /// The names of a folder's entries that are not hidden, sorted.
    private static func names(in folder: String) throws -> [String] {
        guard let stream = opendir(folder) else {
            throw PluginError(.unsafe, "cannot read \(folder): \(String(cString: strerror(errno)))")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}
