import MesosProtocol
import Testing

@testable import MesosScheduling

/// What Mesos's fetcher is to do with packages.
struct PackageAddressTests {
    @Test(arguments: [true, false])
    func onlyWhatTheServicePublishesIsCached(caches: Bool) {
        let uri = "http://host:1/packages/core.tar.gz"
        #expect(PackageAddress.published(uri).archive("core.tar.gz", caches: caches).cache == caches)
        // A server of the user's may have such a path too, and something else there tomorrow.
        #expect(!PackageAddress.given(uri).archive("core.tar.gz", caches: caches).cache)
    }

    @Test func addressesThatDoNotEndInTheArchivesNameGetIt() {
        let plain = PackageAddress.given("http://host/core.tar.gz").archive("heron-core.tar.gz", caches: true)
        #expect(plain.value == "http://host/core.tar.gz" && plain.extract && !plain.executable && !plain.hasOutputFile)
        let query = PackageAddress.given("http://host/?id=core").archive("heron-core.tar.gz", caches: true)
        #expect(query.outputFile == "heron-core.tar.gz")
    }
}

/// Which agents are on this machine.
struct MachineTests {
    private static let v6: [UInt8] = [0x20, 1, 0xd, 0xb8] + [UInt8](repeating: 0, count: 11) + [5]
    private static let machine = Machine(
        name: "Host",
        addresses: [NetworkAddress([10, 0, 0, 5]), NetworkAddress([127, 0, 0, 1]), NetworkAddress(v6)]
    )

    /// A name server.
    private static func resolve(_ host: String) -> [NetworkAddress] {
        let known: [String: [[UInt8]]] = [
            "host.example.com": [[10, 0, 0, 5]], "10.0.0.5": [[10, 0, 0, 5]], "both.example.com": [[10, 0, 0, 9], v6],
            "mapped.example.com": [[UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 10, 0, 0, 5]],
            "localhost": [[127, 0, 0, 1]], "127.0.0.2": [[127, 0, 0, 2]],
            "::1": [[UInt8](repeating: 0, count: 15) + [1]], "other.example.com": [[10, 0, 0, 9]],
        ]
        return known[host, default: []].map { NetworkAddress($0) }
    }

    @Test(arguments: [
        "host", "HOST", "host.example.com", "10.0.0.5", "both.example.com", "mapped.example.com", "localhost",
        "127.0.0.2", "::1",
    ])
    func thisMachineByAnyName(host: String) {
        #expect(Self.machine.isReached(as: host, Self.resolve))
    }

    @Test(arguments: ["other.example.com", "host.elsewhere.com", "nowhere.invalid", ""])
    func otherMachines(host: String) {
        #expect(!Self.machine.isReached(as: host, Self.resolve))
    }

    @Test func theSystemKnowsThisMachine() {
        let own = Machine.own()
        #expect(own.addresses.contains { $0.isLoopback })
        for host in [own.name, "127.0.0.1", "127.0.0.7", "::1"] {
            #expect(own.isReached(as: host, NetworkAddress.all(of:)), "\(host)")
        }
        // Kept free for documents (RFC 5737).
        #expect(!own.isReached(as: "192.0.2.1", NetworkAddress.all(of:)))
        #expect(NetworkAddress.all(of: "nowhere.invalid") == [])
    }
}
