import Glibc
import Testing

@testable import HeronYAML

@Suite struct YAMLDocumentTests {
    private func error(_ text: String, _ limits: YAMLLimits = YAMLLimits()) -> String {
        do {
            _ = try YAMLDocument.parse(text, name: "a.yaml", limits: limits)
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test func valuesOfHeronsFiles() throws {
        let text = """
            # comment
            heron.class.scheduler:  org.apache.heron.scheduler.local.LocalScheduler

            heron.scheduler.is.service: False
            heron.statemgr.root.path: "${HOME}/.herondata"
            quoted: '3'
            count: 3
            sinks:
              - file-sink
              - {class: a.B, flush-frequency-ms: 60000}
            """
        let map: YAMLMap = try YAMLDocument.parse(text, name: "a.yaml").map()
        #expect(map["heron.class.scheduler"] == .string("org.apache.heron.scheduler.local.LocalScheduler"))
        #expect(map["heron.scheduler.is.service"] == .bool(false))
        #expect(map["heron.statemgr.root.path"] == .string("${HOME}/.herondata"))
        #expect(map["quoted"] == .string("3"))
        #expect(map["count"] == .int(3))
        let sink = YAMLMap([("class", .string("a.B")), ("flush-frequency-ms", .int(60000))])
        #expect(map["sinks"] == .list([.string("file-sink"), .map(sink)]))
        #expect(map.keys.count == 6)
        #expect(map["absent"] == nil)
    }

    @Test func linesOfTheKeys() throws {
        let document = try YAMLDocument.parse("# one\na: 1\n\nb:\n  c: 2\n", name: "a.yaml")
        #expect(document.line(of: "a") == 2)
        #expect(document.line(of: "b") == 4)
        #expect(document.line(of: "c") == nil)
        #expect(document.root.mapValue?["b"]?.mapValue?.entry("c")?.line == 5)
    }

    @Test(arguments: ["", "# only a comment\n", "---\n", "~"])
    func emptyDocuments(_ text: String) throws {
        #expect(try YAMLDocument.parse(text, name: "a.yaml").map().isEmpty)
    }

    @Test func explicitTagsAndAliases() throws {
        let map = try YAMLDocument.parse("a: !!str 5\nb: &x [1, 2]\nc: *x\nd: !!float 2\n", name: "a.yaml").map()
        #expect(map["a"] == .string("5"))
        #expect(map["c"] == map["b"])
        #expect(map["d"] == .double(2))
    }

    @Test func errorsNameFileAndLine() {
        #expect(error("a: 1\nb: 2\na: 3\n") == "a.yaml:3: duplicate key 'a', first on line 1")
        #expect(error("a: 1\n\tb: 2\n") == "a.yaml:2: a tab is used to indent; YAML takes spaces only")
        #expect(error("a: 1\nb: [1, 2\n").hasPrefix("a.yaml:3: "))
        #expect(error("a: b: c\n") == "a.yaml:1: mapping values are not allowed in this context")
        #expect(error("a: *x\n") == "a.yaml:1: '*x' refers to no earlier '&x'")
        #expect(error("a: 1\n---\nb: 2\n") == "a.yaml:2: a second document; only one is allowed")
        #expect(error("<<: {a: 1}\n") == "a.yaml:1: merge keys ('<<') are not supported; write the entries out")
        #expect(error("[1]: 2\n") == "a.yaml:1: a key must be a name")
        #expect(error("a: !!int x\n") == "a.yaml:1: the tag 'tag:yaml.org,2002:int' is not supported for 'x'")
        #expect(error("a: \"\\x\"\n").hasPrefix("a.yaml:1: "))
    }

    @Test func notAMap() throws {
        let document = try YAMLDocument.parse("- a\n- b\n", name: "a.yaml")
        #expect(throws: YAMLError.self) { try document.map() }
    }

    @Test func invalidUTF8() throws {
        let path: String = try temporaryFile([UInt8(ascii: "a"), 0x3A, 0x20, 0x0A, 0xFF, 0xFE, 0x0A])
        defer { unlink(path) }
        let thrown = #expect(throws: YAMLError.self) { try YAMLDocument.load(path: path) }
        #expect(thrown?.line == 2)
    }

    @Test func limits() {
        #expect(error("[[[[1]]]]", YAMLLimits(depth: 3)) == "a.yaml:1: nested more than 3 deep")
        #expect(error("[1, 2, 3]", YAMLLimits(nodes: 3)) == "a.yaml:1: more than 3 values")
        #expect(error("a: 1", YAMLLimits(bytes: 3)) == "a.yaml: larger than 3 bytes")
        let bomb =
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + zip("bcdefgh", "abcdefg").map { "\($0): &\($0) [*\($1),*\($1),*\($1),*\($1),*\($1),*\($1),*\($1)]\n" }
            .joined()
        #expect(error(bomb).contains("more than 100000 values"))
    }

    @Test func deepNestingDoesNotUseUpTheStack() {
        let text = String(repeating: "[", count: 500_000)
        #expect(error(text).contains("nested more than 64 deep"))
    }

    @Test func files() throws {
        #expect(try YAMLDocument.loadIfPresent(path: "/nowhere/a.yaml") == nil)
        let missing = #expect(throws: YAMLError.self) { try YAMLDocument.load(path: "/nowhere/a.yaml") }
        #expect(missing?.description == "/nowhere/a.yaml: there is no such file")
        let folder = #expect(throws: YAMLError.self) { try YAMLDocument.load(path: "/") }
        #expect(folder?.description == "/: is not a regular file")
        let path: String = try temporaryFile(Array("a: 1\n".utf8))
        defer { unlink(path) }
        #expect(try YAMLDocument.load(path: path).map()["a"] == .int(1))
        let large = #expect(throws: YAMLError.self) { try YAMLDocument.load(path: path, limits: YAMLLimits(bytes: 4)) }
        #expect(large?.message == "larger than 4 bytes")
    }

    private func temporaryFile(_ bytes: [UInt8]) throws -> String {
        var template: [CChar] = Array("/tmp/heron-yaml-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(write(descriptor, bytes, bytes.count) == bytes.count)
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
