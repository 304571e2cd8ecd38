import Files
import Glibc
import Testing

@testable import PluginCheck
@testable import PluginHost

@Suite struct ELFTests {
    @Test func aLibraryIsReadAsTheLinkerWroteIt() async throws {
        let folder = try await Flaw.code("no_flaw", nil).throwing.build()
        let library = try ELFFile("\(folder.path)/libbroken.so")
        #expect(library.needed.contains("libthrow.so"))
        #expect(library.needed.contains("libc.so.6"))
        #expect(library.runPaths == ["$ORIGIN"])
        let symbols = try #require(try library.symbols())
        #expect(symbols.contains { $0.name == "heron_plugin_entry" && $0.isExported })
        #expect(symbols.contains { $0.name == "usleep" && $0.isUndefined && !$0.isWeak && !$0.isExported })
        #expect(symbols.contains { $0.name == "throw_exception" && $0.isUndefined && $0.isWeak })
    }

    /// Whatever a file says, reading it ends, with an answer or an error.
    @Test func damagedLibrariesAreNoDanger() async throws {
        let folder = try await Flaw.code("no_flaw", nil).build()
        let path = "\(folder.path)/libbroken.so"
        let file = try File(reading: path)
        let good = try file.bytes(at: 0, count: Int(try file.status().size))
        var random = SeededRandom(seed: 5)
        var refused = 0
        for _ in 0..<400 {
            // Where the tables are described: at the beginning and at the end.
            let isHeader = Bool.random(using: &random)
            let place = Int.random(in: isHeader ? 0..<1000 : good.count - 2500..<good.count, using: &random)
            let bytes = (0..<4).map { _ in UInt8.random(in: 0...255, using: &random) }
            try folder.overwrite("libbroken.so", at: place, bytes)
            do {
                _ = try ELFFile(path).symbols()
            } catch {
                refused += 1
                #expect(error is ELFError)
            }
            try folder.overwrite("libbroken.so", at: place, Array(good[place..<min(place + 4, good.count)]))
        }
        #expect(refused > 0)
        #expect(throws: ELFError.self) { try ELFFile("\(folder.path)/missing.so") }
        #expect(throws: ELFError.self) { try ELFFile(folder.path) }
    }
}

@Suite struct MutationTests {
    @Test func aSeedDeterminesThem() {
        var (one, two, other) = (SeededRandom(seed: 7), SeededRandom(seed: 7), SeededRandom(seed: 8))
        let message = Messages.packingPlan("words")
        let first = Mutation.all(of: message, using: &one)
        #expect(first == Mutation.all(of: message, using: &two))
        #expect(first != Mutation.all(of: message, using: &other))
        #expect(first.contains([]))
    }
}
