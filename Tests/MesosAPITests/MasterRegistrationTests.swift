import Testing

@testable import MesosAPI

@Suite struct MasterRegistrationTests {
    @Test func theSmallestNumberLeads() {
        let leader = { MasterRegistration.leader(among: $0)?.name }
        #expect(leader(["json.info_0000000010", "json.info_0000000009", "log_replicas"]) == "json.info_0000000009")
        // Neither text order nor labels decide.
        #expect(leader(["info_0000000012", "json.info_0000000005", "0000000007"]) == "json.info_0000000005")
        #expect(leader(["json.info_2147483647", "json.info_-2147483648"]) == "json.info_-2147483648")
        #expect(leader(["log_replicas", "json.info_", "json.info_x", ""]) == nil)
    }

    @Test(arguments: [
        (
            #"{"address":{"hostname":"m.example","ip":"10.0.0.1","port":5051},"hostname":"h","port":1,"pid":"master@1.2.3.4:5"}"#,
            "http://10.0.0.1:5051", "https://m.example:5051"
        ),
        (#"{"address":{"ip":"fe80::1","port":5051}}"#, "http://[fe80::1]:5051", "https://[fe80::1]:5051"),
        (#"{"hostname":"h","port":5,"pid":"master@1.2.3.4:6"}"#, "http://1.2.3.4:6", "https://h:5"),
        (#"{"hostname":"h","port":5,"ip":16777226}"#, "http://h:5", "https://h:5"),
        (#"{"ip":16777226,"port":5050}"#, "http://10.0.0.1:5050", "https://10.0.0.1:5050"),
        (
            #"{"address":{"ip":"1.2.3.4","port":5},"capabilities":[{"type":"FROM_THE_FUTURE"}],"new":{"a":[1]}}"#,
            "http://1.2.3.4:5", "https://1.2.3.4:5"
        ),
    ])
    func aMasterSaysWhereItIs(_ json: String, _ plain: String, _ secure: String) throws {
        let node = try #require(MasterRegistration(name: "json.info_0000000001"))
        #expect(node.endpoint(Array(json.utf8), usesTLS: false)?.url == plain)
        #expect(node.endpoint(Array(json.utf8), usesTLS: true)?.url == secure)
    }

    @Test(arguments: [
        "", "{", "{}", "[]", #"{"address":{"ip":"1.2.3.4"}}"#, #"{"address":{"ip":"a b","port":5}}"#,
        #"{"address":{"ip":"1.2.3.4","port":70000}}"#,
    ])
    func otherNodesSayNothing(_ json: String) throws {
        let node = try #require(MasterRegistration(name: "json.info_0000000001"))
        #expect(node.endpoint(Array(json.utf8), usesTLS: false) == nil)
    }

    @Test func oldMastersAreNotKnown() throws {
        let json = Array(#"{"address":{"ip":"1.2.3.4","port":5}}"#.utf8)
        for name in ["info_0000000001", "0000000001"] {
            #expect(try #require(MasterRegistration(name: name)).endpoint(json, usesTLS: false) == nil)
        }
    }
}
