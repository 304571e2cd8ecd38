import Files
import Glibc
import PluginABI
import Processes
import Testing

@testable import PluginHost

@Suite struct LoadingTests {
    private func failure(
        _ macros: [String],
        manifest: String? = nil,
        config: [String: String] = [:],
        damage: (([UInt8]) throws -> [UInt8])? = nil
    ) async throws -> PluginError? {
        let fixture = try PluginFixture()
        try await fixture.addProbe(defining: macros, manifest: manifest)
        if let damage { try fixture.rewrite("probe/libprobe.so", damage) }
        return await #expect(throws: PluginError.self) {
            try await SchedulerInstance.create(
                manifest: try fixture.manifest("probe"),
                className: probeClass,
                services: FakeHost(config: config)
            )
        }
    }

    @Test func anotherMajorVersionIsRefused() async throws {
        let error = try await failure(["PROBE_MAJOR=2"])
        #expect(error?.code == .wrongABI)
        #expect(error?.description.contains("probe 1.0 needs ABI 2.x, this heron offers \(ABIVersion.host)") == true)
    }

    @Test func aLibraryWithoutEntryIsRefused() async throws {
        let error = try await failure(["PROBE_NO_ENTRY"])
        #expect(error?.code == .noEntry)
        #expect(error?.message.hasSuffix("libprobe.so does not export heron_plugin_entry") == true)
    }

    @Test func aLibraryThatServesNoSuchHostIsRefused() async throws {
        #expect(try await failure(["PROBE_NO_ANSWER"])?.code == .wrongABI)
    }

    @Test func aSchedulerWithoutAnEssentialFunctionIsRefused() async throws {
        let error = try await failure(["PROBE_NO_KILL"])
        #expect(error?.code == .wrongABI)
        #expect(error?.message.contains("lacks on_kill") == true)
    }

    @Test func aManifestThatLiesIsFoundOut() async throws {
        #expect(try await failure(["PROBE_NO_FACTORY"])?.message.contains("no factory heron.scheduler/1") == true)
        let other = try await failure(["PROBE_CLASS=\"other.Class\""])
        #expect(other?.code == .mismatch)
        #expect(other?.message.contains("does not have the scheduler class \(probeClass), but: other.Class") == true)
        let name = try await failure(["PROBE_NAME=\"liar\""])
        #expect(name?.message.contains("it states name 'probe', the library says 'liar'") == true)
        let version = try await failure([], manifest: probeManifest(version: "7"))
        #expect(version?.message.contains("it states version '7', the library says '1.0'") == true)
        let abi = try await failure([], manifest: probeManifest(abi: "1.3"))
        #expect(abi?.message.contains("it states abi '1.3', the library says '1.0'") == true)
    }

    @Test func missingSymbolsFailWhenTheLibraryIsLoaded() async throws {
        let error = try await failure(["PROBE_MISSING"])
        #expect(error?.code == .unloadable)
        #expect(error?.message.contains("heron_test_no_such_symbol") == true)
    }

    @Test func aMissingLibraryIsNamed() async throws {
        let error = try await failure([]) { bytes in
            let name = try #require(bytes.firstRange(of: Array("libc.so.6".utf8)))
            return Array(bytes[..<name.lowerBound]) + Array("libx.so.6".utf8) + Array(bytes[name.upperBound...])
        }
        #expect(error?.code == .unloadable)
        #expect(error?.message.contains("libprobe.so: libx.so.6: cannot open shared object file") == true, "\(error)")
    }

    @Test func aLibraryOfAnotherMachineIsRefused() async throws {
        for (place, byte, reason) in [
            (18, UInt8(243), "it is for riscv, this machine is "), (4, 1, "it is for a machine of 32 bits"),
            (16, 1, "it is not a shared library"),
        ] {
            let error = try await failure([]) { Array($0[..<place]) + [byte] + Array($0[(place + 1)...]) }
            #expect(error?.code == .unloadable)
            #expect(error?.message.contains("libprobe.so: \(reason)") == true, "\(error)")
        }
    }

    @Test func aLibraryThatIsCutOffIsRefused() async throws {
        for part in [3, 10] {
            let error = try await failure([]) { Array($0.prefix($0.count * part / 20)) }
            #expect(error?.code == .unloadable)
            #expect(error?.message.contains("libprobe.so: it is cut off") == true, "\(error)")
        }
    }

    @Test func somethingElseThanALibraryIsRefused() async throws {
        let fixture = try PluginFixture()
        _ = try fixture.scratch.folder("probe")
        try fixture.scratch.write("probe/plugin.yaml", probeManifest())
        try fixture.scratch.write("probe/libprobe.so", "not a library")
        let error = await #expect(throws: PluginError.self) {
            try await SchedulerInstance.create(
                manifest: try fixture.manifest("probe"),
                className: probeClass,
                services: FakeHost()
            )
        }
        #expect(error?.code == .unloadable)
    }

    @Test func aFailingInitSaysWhy() async throws {
        let error = try await failure(["PROBE_INIT_FAILS"])
        #expect(error?.code == .failed(HERON_UNAVAILABLE))
        #expect(error?.description == "plugin probe: init: out of luck")
    }

    @Test func theChecksumIsVerified() async throws {
        let wrong = String(repeating: "f", count: 64)
        let error = try await failure([], manifest: probeManifest(more: "sha256: \(wrong)"))
        #expect(error?.code == .checksum)
        let fixture = try PluginFixture()
        try await fixture.addProbe()
        let sum = try SHA256.ofFile("\(fixture.scratch.path)/probe/libprobe.so")
        try fixture.scratch.write("probe/plugin.yaml", probeManifest(more: "sha256: \(sum)"))
        let scheduler = try await SchedulerInstance.create(
            manifest: try fixture.manifest("probe"),
            className: probeClass,
            services: FakeHost()
        )
        try await scheduler.close()
    }

    @Test func settingsOfTheWrongTypeAreNamed() async throws {
        let error = try await failure([], config: ["probe.size": "big"])
        #expect(error?.code == .badConfiguration)
        #expect(error?.message == "configuration key probe.size has the value 'big', which is not of type integer")
    }

    @Test func whatBecameUnsafeSinceTheScanIsNotLoaded() async throws {
        let fixture = try PluginFixture()
        try await fixture.addProbe()
        let manifest = try fixture.manifest("probe")
        chmod(manifest.libraryPath, 0o666)
        let error = await #expect(throws: PluginError.self) {
            try await SchedulerInstance.create(manifest: manifest, className: probeClass, services: FakeHost())
        }
        #expect(error?.code == .unsafe)
    }

    @Test func oneFileIsLoadedOnce() async throws {
        let fixture = try PluginFixture()
        try await fixture.addProbe()
        let manifest = try fixture.manifest("probe")
        #expect(try PluginLibrary.load(manifest) === PluginLibrary.load(manifest))
    }

    @Test(.enabled(if: PluginFixture.hasLocalLibrary, "libheron-local.so has not been built"))
    func theLocalPluginExportsItsEntryAlone() async throws {
        let symbols = try await ChildProcess.runToCompletion(
            executable: "nm",
            arguments: ["-D", "--defined-only", "--extern-only", PluginFixture.localLibrary],
            environment: ChildProcess.currentEnvironment(),
            timeLimit: .seconds(30)
        )
        let names = String(decoding: symbols.output, as: UTF8.self).split(separator: "\n").compactMap {
            $0.split(separator: " ").last
        }
        #expect(names == ["heron_plugin_entry"])
    }
}
