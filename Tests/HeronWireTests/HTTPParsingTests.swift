import Testing

@testable import RuntimeHTTP

@Suite("URLs and forms")
struct HTTPParsingTests {
    @Test("escapes are decoded, and + only where it means a space")
    func decoding() {
        #expect(PercentCoding.decode("a%20b%2Fc", plusIsSpace: false) == "a b/c")
        #expect(PercentCoding.decode("a+b", plusIsSpace: false) == "a+b")
        #expect(PercentCoding.decode("a+b", plusIsSpace: true) == "a b")
        #expect(PercentCoding.decode("%C3%A4", plusIsSpace: false) == "ä")
    }

    @Test("what cannot be decoded is refused", arguments: ["%", "%4", "%zz", "%ff", "%00", "a%C3"])
    func malformed(_ text: String) {
        #expect(PercentCoding.decode(text[...], plusIsSpace: false) == nil)
        #expect(RequestTarget("/" + text) == nil)
        #expect(RequestTarget("/?a=" + text) == nil)
    }

    @Test("encoding is the inverse of decoding")
    func encoding() {
        let text = "log files/ä&?#%+.txt"
        #expect(PercentCoding.encode("a/b c") == "a%2Fb%20c")
        #expect(PercentCoding.encode("a/b\u{1}", keepingSlashes: true) == "a/b%01")
        #expect(PercentCoding.decode(PercentCoding.encode(text)[...], plusIsSpace: true) == text)
    }

    @Test("parameters keep their order and may repeat")
    func parameters() throws {
        let target = try #require(RequestTarget("/p/q?x=1&y=&x=2%3D&z&&w=a=b"))
        #expect(target.path == "/p/q")
        #expect(target.query.all("x") == ["1", "2="])
        #expect(target.query.first("y") == "")
        #expect(target.query.first("z") == "")
        #expect(target.query.first("w") == "a=b")
        #expect(target.query.first("none") == nil)
    }

    @Test("only paths are targets", arguments: ["", "*", "http://host/path", "host:80", "path"])
    func otherForms(_ target: String) {
        #expect(RequestTarget(target) == nil)
    }

    @Test("a reason phrase cannot end its line")
    func reason() {
        #expect(HTTPStatus(400, "no\r\nSet-Cookie: x").reason == "no  Set-Cookie: x")
    }
}
