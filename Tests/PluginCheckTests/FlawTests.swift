import Glibc
import Testing

@testable import PluginCheck

/// Plugins that break one rule each.
@Suite(.timeLimit(.minutes(2)), .enabled(if: hasHeron, "needs the product heron")) struct FlawTests {
    @Test(arguments: Flaw.all) func isFoundByItsRule(_ flaw: Flaw) async throws {
        try await Gate.compilers.pass {
            let folder = try await flaw.build()
            let asked = flaw.asked ?? flaw.rule ?? .goodMessages
            let report = try await folder.check([asked]) { $0.timeLimit = flaw.timeLimit }
            #expect(report.broken == (flaw.rule.map { [$0] } ?? []), "\(report.outcomes)")
        }
    }

    @Test func everyRuleHasAFlaw() {
        #expect(Set(Flaw.all.compactMap(\.rule)) == Set(Rule.allCases))
    }

    @Test func namesAreUnique() {
        #expect(Set(Flaw.all.map(\.name)).count == Flaw.all.count)
    }
}
