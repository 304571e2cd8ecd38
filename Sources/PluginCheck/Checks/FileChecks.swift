import Files
import PluginHost

/// The rules that the plugin's files show without running anything of it.
struct FileChecks {
    /// Nil if it cannot be read.
    private(set) var manifest: PluginManifest?
    private(set) var outcomes: [Rule: CheckReport.Outcome] = [:]

    /// What linkers add to a library on their own.
    private static let linkersOwn: Set<String> = ["_init", "_fini", "_edata", "_end", "__bss_start"]

    /// - Parameter folder: absolute and free of symbolic links.
    init(folder: String) {
        do {
            let read = try ManifestReader.read(folder: folder)
            manifest = read
            outcomes[.manifest] = .ok
            outcomes[.trust] = outcome { try FileChecks.checkTrust(read) }
            if outcomes[.trust] == .ok {
                outcomes[.checksum] = outcome { try PluginLibrary.checkSum(read) }
                checkLibrary(read)
            } else {
                skip("rule \(Rule.trust.number) is broken")
            }
        } catch {
            outcomes[.manifest] = .failed([FileChecks.line(error)])
            skip("rule \(Rule.manifest.number) is broken")
        }
    }

    private mutating func skip(_ reason: String) {
        for rule in [Rule.trust, .checksum, .architecture, .exports] where outcomes[rule] == nil {
            outcomes[rule] = .skipped(reason)
        }
    }

    private static func checkTrust(_ manifest: PluginManifest) throws {
        let trust = FileTrust.ofCurrentUser()
        try trust.check(manifest.folder, isFolder: true)
        try trust.check(manifest.path, inside: manifest.folder, plugin: "")
        try trust.check(manifest.libraryPath, inside: manifest.folder, plugin: "")
    }

    private mutating func checkLibrary(_ manifest: PluginManifest) {
        do {
            let library = try ELFFile(manifest.libraryPath)
            outcomes[.exports] = try FileChecks.exports(of: library)
            outcomes[.architecture] = .ok
        } catch {
            outcomes[.architecture] = .failed([oneLine("\(manifest.libraryPath) \(error)")])
            outcomes[.exports] = .skipped("rule \(Rule.architecture.number) is broken")
        }
    }

    private static func exports(of library: ELFFile) throws -> CheckReport.Outcome {
        guard let symbols = try library.symbols() else { return .skipped("the library has no table of sections") }
        let exported = Set(symbols.filter(\.isExported).map(\.name)).subtracting(linkersOwn)
        guard exported.contains("heron_plugin_entry") else {
            return .failed(["heron_plugin_entry is not exported; is HERON_EXPORT missing?"])
        }
        let others = exported.subtracting(["heron_plugin_entry"]).sorted()
        guard others.isEmpty else {
            let names = others.prefix(5).joined(separator: ", ") + (others.count > 5 ? ", …" : "")
            return .failed([
                "\(others.count) more symbol(s) are exported: \(names);"
                    + " compile with -fvisibility=hidden, or link with a version script"
            ])
        }
        return .ok
    }

    private func outcome(_ body: () throws -> Void) -> CheckReport.Outcome {
        do {
            try body()
            return .ok
        } catch {
            return .failed([FileChecks.line(error)])
        }
    }

    /// An error's line without the plugin's name, which everybody knows.
    private static func line(_ error: any Error) -> String {
        guard let error = error as? PluginError else { return oneLine("\(error)") }
        return oneLine(error.message + (error.hint.map { "; \($0)" } ?? ""))
    }
}
