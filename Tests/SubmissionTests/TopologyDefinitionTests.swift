import Glibc
import HeronModel
import Testing

@testable import Submission

struct TopologyDefinitionTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    @Test func allDefinitionsAreReadInTheOrderOfTheirNames() throws {
        try write("second")
        try write("first")
        try folder.write("notes.txt", "not a definition")
        let found: [TopologyDefinition] = try all()
        #expect(found.map(\.topology.name) == ["first", "second"])
        #expect(found.map(\.fileName) == ["first.defn", "second.defn"])
        #expect(found.first?.path == "\(folder.path)/first.defn")
    }

    @Test func aProgramThatWroteNoneIsNamed() throws {
        try folder.write("notes.txt", "not a definition")
        #expect(
            try refusal().hasPrefix("'words.py' ended without an error but wrote no topology definition; its main must")
        )
    }

    @Test(arguments: [
        "not a message", "",
        // A field that claims more bytes than there are.
        "\n\u{7F}x",
    ])
    func aCorruptDefinitionIsRefusedInPlainWords(content: String) throws {
        try folder.write("words.defn", content)
        #expect(
            try refusal()
                == "'words.py' wrote 'words.defn', which is no topology definition: it is damaged or incomplete;"
                + " write it with Heron's API or heronpy"
        )
    }

    @Test func oneCorruptDefinitionAmongOthersIsRefused() throws {
        try write("first")
        try folder.write("second.defn", "not a message")
        #expect(try refusal().contains("'second.defn'"))
    }

    @Test func aFileOfAnotherNameIsRefused() throws {
        try write("right", to: "wrong")
        #expect(try refusal().contains("wrote 'wrong.defn', but the topology in it is named 'right'; the file must be"))
    }

    @Test(arguments: [
        ("../x", "'../x': it contains '.', it contains '/'"),
        ("a/b", "'a/b': it contains '/'"),
        ("", "'': it is empty"),
        ("a\nb\u{1B}[31m", #"'a\nb\u{1B}[31m': it contains a control character"#),
        (String(repeating: "x", count: 300), "it has 300 bytes, at most 200 are allowed"),
    ])
    func anInvalidNameIsRefusedOnOneLine(name: String, reason: String) throws {
        try write(name, to: "words")
        let message: String = try refusal()
        #expect(message.hasPrefix("'words.py' defines a topology with the invalid name '"))
        #expect(message.contains(reason) && message.hasSuffix("; give it another name"))
        #expect(!message.contains("\n"))
    }

    @Test func anOversizedDefinitionIsRefusedUnread() throws {
        let path: String = try folder.write("large.defn", "")
        #expect(truncate(path, off_t(TopologyDefinition.maximumBytes) + 1) == 0)
        #expect(
            try refusal().hasPrefix("'words.py' wrote 'large.defn', which is larger than a definition may be; keep")
        )
    }

    @Test func aFolderInPlaceOfADefinitionIsRefused() throws {
        #expect(mkdir("\(folder.path)/words.defn", 0o700) == 0)
        #expect(throws: (any Error).self) { try all() }
    }

    /// Reading it would wait for somebody who writes to it.
    @Test func aPipeInPlaceOfADefinitionIsRefused() throws {
        #expect(mkfifo("\(folder.path)/words.defn", 0o600) == 0)
        #expect(throws: (any Error).self) { try all() }
    }

    private func all() throws -> [TopologyDefinition] {
        try TopologyDefinition.all(in: folder.path, writtenBy: "words.py")
    }

    private func refusal() throws -> String {
        try #require(throws: SubmissionError.self) { try all() }.description
    }

    private func write(_ name: String, to file: String? = nil) throws {
        var topology = Topology()
        topology.name = name
        topology.id = "\(name)-1"
        topology.state = .running
        try folder.write("\(file ?? name).defn", try topology.serializedBytes() as [UInt8])
    }
}
