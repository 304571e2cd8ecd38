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
        #expect(manifest.configKeys.map(\.key) == ["probe.size", "probe.where", "probe.on"])
        #expect(manifest.configKeys.map(\.defaultValue) == ["5", "${HOME}/probe", nil])
        #expect(manifest.sha256 == sum.lowercased())
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
        ("config: {k: {type: integer, default: x, help: h}}", "'k'"), ("sha256: abc", "sha256"),
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

    @Test func checksumsAreThoseOfTheStandard() {
        var empty = SHA256()
        #expect(empty.finish() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        var abc = SHA256()
        abc.update(Array("abc".utf8)[...])
        #expect(abc.finish() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        var long = SHA256()
        for _ in 0..<1000 { long.update([UInt8](repeating: UInt8(ascii: "a"), count: 1000)[...]) }
        #expect(long.finish() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }
}
