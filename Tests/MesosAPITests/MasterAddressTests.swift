import Testing

@testable import MesosAPI

@Suite struct MasterAddressTests {
    @Test(arguments: [
        ("m1", "http://m1:5050"),
        ("m1:5051", "http://m1:5051"),
        (" m1 , 10.0.0.1:80 ", "http://m1:5050,10.0.0.1:80"),
        ("m1,m1:5050", "http://m1:5050"),
        ("http://m1:5051/", "http://m1:5051"),
        ("HTTPS://m1,m2:1", "https://m1:5050,m2:1"),
        ("[::1]", "http://[::1]:5050"),
        ("https://[fe80::1]:5051", "https://[fe80::1]:5051"),
        ("zk://h1:2181,h2:2182/mesos", "zk://h1:2181,h2:2182/mesos"),
        ("zk://h1/a/b/", "zk://h1:2181/a/b"),
        ("zk://[::1]:2181/mesos", "zk://[::1]:2181/mesos"),
        ("zk://user:geheim@h1:2181/mesos", "zk://h1:2181/mesos"),
    ])
    func addressesAreRead(_ text: String, _ meaning: String) throws {
        #expect(try MasterAddress(parsing: text).description == meaning)
    }

    @Test func aPasswordMayHoldColonsAndAts() throws {
        let address = try MasterAddress(parsing: "zk://user:a:b@c@h1:2181/mesos")
        guard case .zooKeeper(let place) = address.form else {
            Issue.record("\(address)")
            return
        }
        #expect(place.credentials?.user == "user" && place.path == "/mesos")
        #expect(place.credentials == .init(user: "user", password: "a:b@c"))
        for text in ["\(address)", String(reflecting: address), "\(place.credentials as Any)"] {
            #expect(!text.contains("a:b@c"))
        }
    }

    @Test(arguments: [
        ("", "it is empty"),
        ("  ", "it is empty"),
        ("m1:0", "'m1:0' has no port from 1 to 65535"),
        ("m1:65536", "'m1:65536' has no port from 1 to 65535"),
        ("m1:", "'m1:' has no port from 1 to 65535"),
        ("m1:x", "'m1:x' has no port from 1 to 65535"),
        ("m1:+1", "'m1:+1' has no port from 1 to 65535"),
        (":5050", "':5050' is no host[:port]"),
        ("m1,,m2", "it names no host between two commas, or none at all"),
        ("m1,", "it names no host between two commas, or none at all"),
        ("http://", "it names no host between two commas, or none at all"),
        ("m 1", "'m 1' is no host[:port]"),
        ("::1", "'::1': an IPv6 address is written in brackets, [address]:port"),
        ("[::1", "'[::1' has no ']'"),
        ("[::1]5050", "'[::1]5050' is no host[:port]"),
        ("[m1]:5050", "'[m1]:5050' is no host[:port]"),
        ("http://m1/mesos", "only zk:// addresses have a path"),
        ("http://m1,http://m2", "the scheme is written once, at its beginning"),
        ("ftp://m1", "only http://, https:// and zk:// are known"),
        ("http://u:secret@m1", "credentials do not belong into it; they have settings of their own"),
        ("u:secret@m1", "credentials do not belong into it; they have settings of their own"),
        ("zk://h1:2181", "it names no path, as in zk://host:2181/mesos"),
        ("zk://h1:2181/", "it names no path, as in zk://host:2181/mesos"),
        ("zk:///mesos", "names no server between two commas, or none at all"),
        ("zk://h1:x/mesos", "'h1:x' has no port from 1 to 65535"),
        ("zk://h1//mesos", "'//mesos' is not the path of a node"),
        ("zk://user@h1/mesos", "what stands before its '@' is not user:password"),
        ("zk://:secret@h1/mesos", "what stands before its '@' is not user:password"),
        ("zk://u:sec/ret@h1/mesos", "there is an '@' after the first '/': a password in it cannot hold a '/'"),
    ])
    func badAddressesSayWhy(_ text: String, _ reason: String) {
        let error = #expect(throws: MasterAddressError.self) { try MasterAddress(parsing: text) }
        #expect(error?.description == reason)
    }

    @Test func anAddressIsBounded() {
        #expect(throws: MasterAddressError.self) { try MasterAddress(parsing: String(repeating: "m,", count: 5000)) }
    }

    @Test(arguments: [
        ("//m2:5051/master/api/v1/scheduler", "http://m2:5051"),
        ("//[::1]:5051/x", "http://[::1]:5051"),
        ("//m2/x", "http://m2:5050"),
        ("http://m2/x", "http://m2:80"),
        ("https://m2:1?x", "https://m2:1"),
        ("HTTPS://m2", "https://m2:443"),
    ])
    func redirectsAreRead(_ location: String, _ target: String) throws {
        let endpoint = MesosEndpoint(scheme: .http, host: "m1", port: 5050)
        #expect(try endpoint.redirected(to: location).url == target)
    }

    @Test(arguments: [
        "", "/api", "m2:5051", "//", "//:1/", "//u:p@m2:1/", "//m2:x/", "ftp://m2", "http://m2:1/", "//m2 x:1",
    ])
    func otherRedirectsAreNotFollowed(_ location: String) {
        let endpoint = MesosEndpoint(scheme: .https, host: "m1", port: 5050)
        let error = #expect(throws: MasterAddressError.self) { try endpoint.redirected(to: location) }
        #expect(error?.description.hasPrefix("it redirects to '") == true)
        #expect((error?.description.contains("no TLS") == true) == (location == "http://m2:1/"))
    }

    @Test func aRedirectKeepsTheScheme() throws {
        let endpoint = MesosEndpoint(scheme: .https, host: "m1", port: 5050)
        #expect(try endpoint.redirected(to: "//m2:5051/x").url == "https://m2:5051")
    }
}
