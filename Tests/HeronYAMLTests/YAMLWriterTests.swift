import Testing

@testable import HeronYAML

@Suite struct YAMLWriterTests {
    @Test func theFormOfHeronsOverrideFile() {
        #expect(YAMLWriter.blockMap([]) == "{}\n")
        let text = YAMLWriter.blockMap([
            ("a.b", .string("3")), ("c", .bool(true)), ("d", .string("x/y")), ("e", .string("True")), ("f", .int(4)),
        ])
        #expect(text == "a.b: '3'\nc: true\nd: x/y\ne: 'True'\nf: 4\n")
    }

    @Test(arguments: [
        "", " ", "x", "true", "null", "~", "3", "0x1f", "1e3", "2024-01-01", "a: b", "a #b", "# c", "- d", "it's",
        "a'b\"c",
        "[x]", "{x}", "*x", "&x", "!x", "%x", "@x", "`x", "|", ">", "?", ":", "a:", "<<", "=", "line\nbreak", "tab\t",
        "\u{1b}[31m", "\u{7f}\u{85}\u{2028}", "Ünïcode 漢字", "🙂", "${HOME}/x", "file:///x", "-XX:+UseG1GC",
        "back\\slash",
        " lead", "trail ", "y", "n", "---", "...", "a,b", "localhost:2181",
    ])
    func everyTextIsReadBack(_ text: String) throws {
        let written = YAMLWriter.blockMap([("key", .string(text)), (text.isEmpty ? "k" : text, .int(1))])
        let map = try YAMLDocument.parse(written, name: "written").map()
        #expect(map["key"] == .string(text))
        #expect(map.entries.last?.value == .int(1))
        #expect(map.entries.last?.key == (text.isEmpty ? "k" : text))
    }

    @Test func otherValuesAreReadBack() throws {
        let values: [YAMLValue] = [
            .null, .int(-5), .double(0.5), .double(1e20), .double(-.infinity),
            .list([.string("a, b"), .bool(false), .list([])]),
            .map(YAMLMap([("k", .string("v: {}")), ("n", .map(YAMLMap()))])),
        ]
        for value in values {
            let written = YAMLWriter.blockMap([("key", value)])
            #expect(try YAMLDocument.parse(written, name: "written").map()["key"] == value)
        }
    }
}
