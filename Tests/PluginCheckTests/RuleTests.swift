import Files
import Testing

@testable import PluginCheck

@Suite struct RuleTests {
    @Test func numbersHaveNoGaps() {
        #expect(Rule.allCases.map(\.number) == Array(1...Rule.allCases.count))
    }

    @Test func everyRuleIsDecidedByExactlyOneCheckOrByTheFiles() {
        let files: [Rule] = [.manifest, .trust, .checksum, .architecture, .exports]
        #expect((files + Check.allCases.flatMap(\.rules)).sorted() == Rule.allCases)
        #expect(
            Check.stages.flatMap(\.self).sorted { $0.rawValue < $1.rawValue }
                == Check.allCases.sorted { $0.rawValue < $1.rawValue }
        )
    }
}

/// The table that authors of plugins read.
@Suite struct RuleDocumentTests {
    private func rows() throws -> [[String]] {
        let file = try File(reading: "\(repository)/docs/plugin-rules.md")
        let text = String(decoding: try file.bytes(at: 0, count: Int(try file.status().size)), as: UTF8.self)
        return text.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst().map { line in
            line.dropFirst(2).dropLast(2).split(separator: " | ").map(String.init)
        }
    }

    @Test func itHasEveryRule() throws {
        let rows = try rows()
        #expect(rows.map { "\($0[0]) \($0[1])" } == Rule.allCases.map { "\($0.number) \($0.title)" })
        #expect(rows.allSatisfy { $0.count == 4 && !$0[2].isEmpty })
    }

    @Test func itNamesTheTestsOfEveryRule() throws {
        for (rule, row) in zip(Rule.allCases, try rows()) {
            #expect(row.last == Flaw.all.filter { $0.rule == rule }.map(\.name).joined(separator: ", "))
        }
    }
}
