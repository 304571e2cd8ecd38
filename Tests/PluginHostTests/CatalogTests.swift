import Files
import Glibc
import Testing

@testable import PluginHost

@Suite struct CatalogTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// A search path with plugin folders that hold a manifest and a file for a library.
    private func folders(_ plugins: [String: String]) throws -> PluginSearchPath {
        for (name, manifest) in plugins {
            _ = try scratch.folder(name)
            try scratch.write("\(name)/plugin.yaml", manifest)
            try scratch.write("\(name)/libprobe.so", "")
        }
        return PluginSearchPath(folders: [.init(path: scratch.path, origin: "the test")])
    }

    @Test func aClassIsFoundUnderBothNames() throws {
        let path = try folders(["a": probeManifest()])
        let catalog = PluginCatalog.scan(path)
        #expect(try catalog.resolve(.scheduler, className: probeClass).name == "probe")
        let former = "com.twitter.heron.scheduler.probe.ProbeScheduler"
        #expect(try catalog.resolve(.scheduler, className: former).name == "probe")
    }

    @Test func anUnknownClassNamesTheKnownOnes() throws {
        let path = try folders(["a": probeManifest(), "b": "name: 1"])
        let error = #expect(throws: PluginError.self) {
            try PluginCatalog.scan(path).resolve(.scheduler, className: "x.Y")
        }
        #expect(error?.code == .noPlugin)
        #expect(error?.description.contains(probeClass) == true)
        #expect(error?.description.contains("b/plugin.yaml:1: 'name' must be") == true)
    }

    @Test func twoClaimantsAreBothNamed() throws {
        let path = try folders(["a": probeManifest(), "b": probeManifest(name: "other", version: "2.1")])
        let error = #expect(throws: PluginError.self) {
            try PluginCatalog.scan(path).resolve(.scheduler, className: probeClass)
        }
        #expect(error?.code == .ambiguous)
        #expect(error?.message.contains("probe 1.0") == true)
        #expect(error?.message.contains("other 2.1") == true)
    }

    @Test func conflictsOfAPluginAreTold() throws {
        let path = try folders(["a": probeManifest(), "b": probeManifest(name: "other", version: "2.1")])
        let both = PluginCatalog.scan(path)
        #expect(both.conflicts(of: try both.plugin(named: "probe")).first?.contains("other 2.1") == true)
        try removeTree("\(scratch.path)/b")
        let one = PluginCatalog.scan(path)
        #expect(one.conflicts(of: try one.plugin(named: "probe")) == [])
    }

    @Test func aFolderWithoutAManifestIsTold() throws {
        let path = try folders(["a": probeManifest()])
        _ = try scratch.folder("empty")
        try scratch.write("stray.txt", "")
        let problems = PluginCatalog.scan(path).folders.flatMap(\.entries).compactMap(\.problem)
        #expect(
            problems.map(\.message) == ["cannot read \(scratch.path)/empty/plugin.yaml: No such file or directory"]
        )
    }

    @Test(arguments: [("2.0", "use a newer heron"), ("0.9", "rebuild the plugin")])
    func anotherABINamesBothVersions(_ abi: String, _ hint: String) throws {
        let path = try folders(["a": probeManifest(abi: abi)])
        let error = #expect(throws: PluginError.self) {
            try PluginCatalog.scan(path).resolve(.scheduler, className: probeClass)
        }
        #expect(error?.code == .wrongABI)
        #expect(error?.message == "probe 1.0 needs ABI \(abi.prefix(1)).x, this heron offers \(ABIVersion.host)")
        #expect(error?.hint?.contains(hint) == true)
    }

    @Test(arguments: ["a", "a/plugin.yaml", "a/libprobe.so"])
    func whatOthersMayWriteIsNotUsed(_ name: String) throws {
        let path = try folders(["a": probeManifest()])
        chmod("\(scratch.path)/\(name)", 0o777)
        let error = #expect(throws: PluginError.self) {
            try PluginCatalog.scan(path).resolve(.scheduler, className: probeClass)
        }
        #expect(error?.description.contains("everybody may write to it (mode 777)") == true)
        #expect(error?.description.contains("chmod go-w \(scratch.path)/\(name)") == true)
    }

    @Test func aFolderThatOthersMayWriteToIsSkipped() throws {
        let path = try folders(["a": probeManifest()])
        chmod(scratch.path, 0o777)
        let catalog = PluginCatalog.scan(path)
        #expect(catalog.plugins.isEmpty)
        #expect(catalog.folders.first?.skipped?.contains("everybody may write to it") == true)
    }

    @Test func groupsMayWriteOnlyIfTheyAreTheUsersOwn() {
        let trust = FileTrust(user: 1000, ownGroup: 1000)
        #expect(trust.objection(owner: 1000, group: 1000, mode: 0o775) == nil)
        #expect(trust.objection(owner: 0, group: 1000, mode: 0o775) == nil)
        #expect(trust.objection(owner: 1000, group: 100, mode: 0o775)?.contains("group 100") == true)
        #expect(FileTrust(user: 1000, ownGroup: nil).objection(owner: 1000, group: 1000, mode: 0o775) != nil)
        #expect(trust.objection(owner: 1000, group: 100, mode: 0o755) == nil)
        #expect(trust.objection(owner: 1001, group: 1000, mode: 0o755)?.contains("belongs to") == true)
        #expect(trust.objection(owner: 1000, group: 1000, mode: 0o757) != nil)
    }

    @Test func linksOutOfTheFolderAreNotFollowed() throws {
        let path = try folders(["a": probeManifest()])
        try scratch.write("elsewhere.so", "")
        unlink("\(scratch.path)/a/libprobe.so")
        symlink("../elsewhere.so", "\(scratch.path)/a/libprobe.so")
        let error = #expect(throws: PluginError.self) { try PluginCatalog.scan(path).plugin(named: "probe") }
        #expect(error?.code == .unsafe)
        #expect(error?.message.contains("symbolic link out of the plugin's folder") == true)
        try scratch.write("a/real.so", "")
        unlink("\(scratch.path)/a/libprobe.so")
        symlink("real.so", "\(scratch.path)/a/libprobe.so")
        #expect(try PluginCatalog.scan(path).plugin(named: "probe").library == "libprobe.so")
    }

    @Test func aFolderMetTwiceCountsOnce() throws {
        let path = try folders(["a": probeManifest()])
        let twice = PluginSearchPath(folders: path.folders + [.init(path: "\(scratch.path)/.", origin: "again")])
        let catalog = PluginCatalog.scan(twice)
        #expect(catalog.plugins.count == 1)
        #expect(catalog.folders[1].entries.first?.problem?.message.contains("searched already") == true)
    }

    @Test func aMissingLibraryIsNamed() throws {
        let path = try folders(["a": probeManifest()])
        unlink("\(scratch.path)/a/libprobe.so")
        let error = #expect(throws: PluginError.self) { try PluginCatalog.scan(path).plugin(named: "probe") }
        #expect(
            error?.description == "plugin probe: cannot read \(scratch.path)/a/libprobe.so: No such file or directory"
        )
    }

    @Test func theVariableAddsFoldersUnlessTheProcessIsElevated() {
        let environment = ["HERON_PLUGIN_PATH": "/one:two:/three", "HOME": "/home/alice"]
        let path = PluginSearchPath.standard(environment: { environment[$0] }, heronHome: "/heron", elevated: false)
        #expect(path.folders.map(\.path) == ["/one", "/three", "/home/alice/.heron/plugins", "/heron/lib/plugins"])
        #expect(path.notes == ["'two' of HERON_PLUGIN_PATH is ignored, because it is not an absolute path"])
        let elevated = PluginSearchPath.standard(environment: { environment[$0] }, heronHome: "/heron", elevated: true)
        #expect(!elevated.folders.contains { $0.path == "/one" || $0.path.hasPrefix("/home/alice") })
        #expect(elevated.notes.first?.hasPrefix("HERON_PLUGIN_PATH is ignored") == true)
    }

    @Test func missingFoldersAreSkippedWithAReason() {
        let path = PluginSearchPath(folders: [.init(path: "/nonexistent/plugins", origin: "the test")])
        #expect(PluginCatalog.scan(path).folders.first?.skipped == "does not exist")
    }
}
