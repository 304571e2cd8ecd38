import Testing

@testable import MesosAPI

@Suite struct MesosOptionsTests {
    @Test func credentialsBecomeAHeader() throws {
        #expect(try MesosAuthentication.none.header() == nil)
        #expect(try MesosAuthentication.basic(principal: "p", secret: "s").header() == "Basic cDpz")
        #expect(try MesosAuthentication.authorization("token=x y").header() == "token=x y")
    }

    @Test(arguments: [
        MesosAuthentication.basic(principal: "", secret: "geheim"), .basic(principal: "p:q", secret: "geheim"),
        .basic(principal: "p", secret: "geheim:"), .basic(principal: "p", secret: "geheim\r\nX: y"),
        .authorization(""), .authorization("geheim\r\nX: y"), .authorization("geheimé"),
    ])
    func whatCannotBeSentIsRefused(_ authentication: MesosAuthentication) throws {
        let error = #expect(throws: MesosOptionsError.self) { try authentication.header() }
        #expect(error?.description.contains("geheim") == false)
        var options = MesosOptions(master: try MasterAddress(parsing: "m1"))
        options.authentication = authentication
        #expect(throws: MesosOptionsError.self) { try MesosDriver(options, log: { _, _ in }, receive: { _ in }) }
    }

    @Test func noSecretIsInADescription() throws {
        var options = MesosOptions(master: try MasterAddress(parsing: "zk://u:geheim@h/mesos"))
        for authentication in [
            MesosAuthentication.basic(principal: "p", secret: "geheim"), .authorization("geheim"),
        ] {
            options.authentication = authentication
            var dumped = ""
            dump(options, to: &dumped)
            for text in ["\(options)", String(reflecting: options), "\(authentication)", dumped] {
                #expect(!text.contains("geheim"))
            }
        }
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy"),
    ])
    func base64IsThatOfItsSpecification(_ text: String, _ encoded: String) {
        #expect(base64(Array(text.utf8)) == encoded)
    }

    @Test func whatOthersSendFitsALine() {
        #expect(oneLine("a\r\n\u{1b}[31mb  c ") == "a [31mb c")
        #expect(oneLine(String(repeating: "x", count: 500)).count == 301)
    }
}
