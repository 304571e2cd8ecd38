import HeronJSON
import Logging
import Synchronization
import Testing

@testable import SchedulerCore

@Suite("What a plugin tells of itself", .timeLimit(.minutes(1)))
struct PluginReportTests {
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test("Each question brings the newest answers")
    func newest() async {
        let count = Mutex(0)
        let report = PluginReport(
            links: { ["http://a/\(count.withLock { $0 })"] },
            status: { #"{"n":\#(count.withLock { $0 }),"list":[1,{"a":null}]}"# },
            log: log
        )
        #expect(report.answers.links == [] && report.answers.status == nil)
        for number in 1...3 {
            count.withLock { $0 = number }
            let answers = await report.refreshed()
            #expect(answers.links == ["http://a/\(number)"])
            let list = JSONValue.array([.int(1), .object(["a": .null])])
            #expect(answers.status == .object(["n": .int(Int64(number)), "list": list]))
        }
    }

    @Test("A busy plugin is not waited for, nor asked twice")
    func busy() async {
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let asked = Mutex(0)
        let report = PluginReport(
            links: {
                asked.withLock { $0 += 1 }
                if asked.withLock({ $0 }) == 2 { for await _ in gate { break } }
                return ["http://a/\(asked.withLock { $0 })"]
            },
            status: { nil },
            log: log
        )
        #expect(await report.refreshed().links == ["http://a/1"])
        for _ in 1...5 { #expect(await report.refreshed().links == ["http://a/1"]) }
        #expect(asked.withLock { $0 } == 2)
        opening.yield()
        while report.answers.links != ["http://a/2"] { await Task.yield() }
        while await report.refreshed().links != ["http://a/3"] { await Task.yield() }
    }

    @Test("What is not a JSON object, or fails, leaves the last answer", arguments: ["[1]", "{", "", "\"text\""])
    func wrong(_ text: String) async {
        let texts = Mutex(["{\"a\":1}", text])
        let report = PluginReport(
            links: { [] },
            status: { texts.withLock { $0.removeFirst() } },
            log: log
        )
        for _ in 1...2 { #expect(await report.refreshed().status == .object(["a": .int(1)])) }
    }
}
