import MesosProtocol
import Testing

@testable import MesosDevMaster

@Suite struct ResourceTests {
    @Test("sums are exact in thousandths")
    func thousandths() throws {
        let tenth = ResourceSet(try ResourceText.resources("cpus:0.1"))
        var sum = ResourceSet()
        for _ in 0..<10 { sum += tenth }
        #expect(sum.contains(ResourceSet(try ResourceText.resources("cpus:1"))))
        #expect("\(sum)" == "cpus:1")
        for _ in 0..<10 { sum -= tenth }
        #expect(sum.isEmpty)
    }

    @Test("ports are taken out of ranges and put back")
    func ranges() throws {
        let all = ResourceSet(try ResourceText.resources("ports:[31000-31009]"))
        let some = ResourceSet(try ResourceText.resources("ports:[31000-31001, 31005-31005]"))
        let rest = all - some
        #expect("\(rest)" == "ports:[31002-31004, 31006-31009]")
        #expect(!rest.contains(some))
        #expect(rest + some == all)
    }

    @Test("what differs in reservation or allocation is another resource")
    func kinds() throws {
        let reserved = ResourceSet(try ResourceText.resources("cpus(web):1"))
        let free = ResourceSet(try ResourceText.resources("cpus:1"))
        #expect(!free.contains(reserved))
        #expect(!free.contains(free.allocated(to: "web")))
        let old = MesosResource.with {
            $0.name = "cpus"
            $0.type = .scalar
            $0.scalar.value = 1
            $0.role = "web"
        }
        #expect(ResourceSet([old]) == reserved)
    }

    @Test(
        "texts that are no resources are refused with what is wrong",
        arguments: ["cpus", "cpus:", "cpus:x", "ports:[5-3]", "ports:[a-b]", "cpus:-1", "cpus(a b):1", "s:{a,a}"]
    )
    func errors(_ text: String) {
        #expect(throws: ResourceText.FormatError.self) { try ResourceText.resources(text) }
    }

    @Test("attributes are scalars, ranges, sets or texts")
    func attributes() throws {
        let attributes = try ResourceText.attributes("rack:r1;level:2;ports:[1-2];tags:{a,b};url:http://x")
        #expect(attributes.map(\.type) == [.text, .scalar, .ranges, .set, .text])
        #expect(attributes.last?.text.value == "http://x")
    }
}

@Suite struct JSONTests {
    @Test(
        "texts are read and written",
        arguments: [#"{"a":[1,-2.5,true,null,"x\n\u00e9"],"b":{}}"#, "[]", "15.0", "\"\""]
    )
    func roundTrip(_ text: String) throws {
        let value = try JSONValue(parsing: text.utf8)
        #expect(try JSONValue(parsing: value.text.utf8) == value)
    }

    @Test(
        "what is not JSON is refused",
        arguments: [
            "", "{", "[1,]", "{\"a\" 1}", "tru", "01", "\"\\x\"", "[1] 2", "1.", "nan", "\"\u{1}\"", "\"\\ud800\"",
        ]
    )
    func errors(_ text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text.utf8) }
    }

    @Test("nesting is bounded")
    func depth() {
        #expect(throws: JSONSyntaxError.self) {
            try JSONValue(parsing: String(repeating: "[", count: 100_000).utf8)
        }
    }

    @Test("doubles keep their fraction, names their underscores")
    func messages() throws {
        let call = MesosCall.with {
            $0.type = .decline
            $0.frameworkID.value = "f"
            $0.decline.filters.refuseSeconds = 5
        }
        #expect(
            MessageJSON.value(call).text
                == #"{"framework_id":{"value":"f"},"type":"DECLINE","decline":{"filters":{"refuse_seconds":5.0}}}"#
        )
    }

    @Test("base64 is decoded")
    func base64() {
        #expect(Base64.decode("cDpz") == "p:s")
        #expect(Base64.decode("cDpzZQ==") == "p:se")
        #expect(Base64.decode("c*==") == nil)
    }
}
