import Testing

@testable import PluginHost

@Suite struct ManifestTests {
    private func read(_ text: String) throws -> PluginManifest {
        let scratch = try Scratch()
        try scratch.write("plugin.yaml", text)
        return try ManifestReader.read(folder: scratch.path)
    }

    @Test func everythingIsRead() throws {
        let sum = String(repeating: "aB", count: 32)
        let manifest = try read(probeManifest(more: "sha256: \(sum)"))
        #expect(manifest.name == "probe")
        #expect(manifest.version == "1.0")
        #expect(manifest.abi == ABIVersion(major: 1, minor: 0))
        #expect(manifest.libraryPath == "\(manifest.folder)/libprobe.so")
        #expect(manifest.classes == [.scheduler: [probeClass]])
        #expect(manifest.containers == .local)
        #expect(manifest.configKeys.map(\.key) == ["probe.size", "probe.where", "probe.on"])
        #expect(manifest.configKeys.map(\.defaultValue) == ["5", "${HOME}/probe", nil])
        #expect(manifest.sha256 == sum.lowercased())
        #expect(manifest.warnings.isEmpty)
    }

    @Test func placeOfContainersAndAliasesAreRead() throws {
        let key = "probe.place: {type: string, help: h, aliases: [older.place, oldest.place]}"
        let text = probeManifest(more: "containers: remote").replacing("  probe.size", with: "  \(key)\n  probe.size")
        let manifest = try read(text)
        #expect(manifest.containers == .remote)
        #expect(manifest.configKeys.first?.aliases == ["older.place", "oldest.place"])
        #expect(manifest.warnings.isEmpty)
    }

    @Test func whatIsSecretIsRead() throws {
        let keys = "probe.a: {type: string, help: h, secret: value}\n  probe.b: {type: string, help: h, secret: file}"
        let manifest = try read(probeManifest().replacing("  probe.size", with: "  \(keys)\n  probe.size"))
        #expect(manifest.configKeys.map(\.secret) == [.value, .file, nil, nil, nil])
        #expect(manifest.warnings.isEmpty)
    }

    @Test func formerClassNamesAreTheSameClass() throws {
        let manifest = try read(probeManifest())
        #expect(manifest.claims(.scheduler, "com.twitter.heron.scheduler.probe.ProbeScheduler"))
        #expect(!manifest.claims(.launcher, probeClass))
        #expect(!manifest.claims(.scheduler, "scheduler.probe.ProbeScheduler"))
    }

    @Test func unknownFieldsAreWarnings() throws {
        let manifest = try read(probeManifest(more: "colour: red"))
        #expect(manifest.warnings.count == 1)
        #expect(manifest.warnings.first?.hasSuffix("plugin.yaml:11: unknown field 'colour'") == true)
    }

    @Test(arguments: [
        ("name: Probe", "name"), ("name: ../x", "name"), ("version: 1.0", "version"), ("abi: 1.0", "abi"),
        ("abi: \"1\"", "abi"), ("library: ../lib.so", "library"), ("library: /lib.so", "library"),
        ("classes: [x]", "classes"),
        ("classes: {scheduler: x}", "classes.scheduler"), ("classes: {scheduler: ['a b']}", "classes.scheduler"),
        ("config: {k: {type: colour, help: h}}", "config.k"), ("config: {k: {type: integer}}", "config.k"),
        ("config: {k: {type: integer, default: x, help: h}}", "'k'"),
        ("config: {k: {type: integer, help: h, aliases: x}}", "config.k.aliases"),
        ("config: {k: {type: integer, help: h, aliases: [k]}}", "config.k.aliases"),
        ("config: {k: {type: string, help: h, secret: true}}", "config.k.secret"),
        ("config: {k: {type: string, help: h, secret: word}}", "config.k.secret"),
        ("config: {k: {type: integer, help: h, secret: file}}", "config.k.secret"),
        ("containers: here", "local or remote"), ("sha256: abc", "sha256"),
    ])
    func wrongFieldsAreErrorsWithTheirLine(_ line: String, _ field: String) throws {
        let key = line.prefix { $0 != ":" }
        let others = ["name: probe", "version: \"1\"", "abi: \"1.0\"", "library: l.so", "classes: {}"]
        let text = ([line] + others.filter { !$0.hasPrefix("\(key):") }).joined(separator: "\n")
        let error = #expect(throws: PluginError.self) { try read(text) }
        #expect(error?.code == .badManifest)
        #expect(error?.description.contains("plugin.yaml:1: ") == true)
        #expect(error?.description.contains(field) == true)
    }

    @Test(arguments: ["name", "version", "abi", "library", "classes"])
    func missingFieldsAreErrors(_ field: String) throws {
        let all = ["name: probe", "version: \"1\"", "abi: \"1.0\"", "library: l.so", "classes: {}"]
        let text = all.filter { !$0.hasPrefix(field) }.joined(separator: "\n")
        let error = #expect(throws: PluginError.self) { try read(text) }
        #expect(error?.description.hasSuffix("field '\(field)' is missing") == true)
    }

    @Test func malformedYAMLIsAnErrorWithItsLine() throws {
        let error = #expect(throws: PluginError.self) { try read("name: probe\nclasses: [\n}") }
        #expect(error?.code == .badManifest)
        #expect(error?.description.contains("plugin.yaml:3: ") == true)
    }
}
