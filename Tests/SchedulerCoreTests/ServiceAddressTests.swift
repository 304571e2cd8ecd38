import HeronConfig
import Testing

@testable import SchedulerCore

@Suite("Where the scheduler service listens")
struct ServiceAddressTests {
    private let zooKeeper = [
        "heron.statemgr.connection.string": "127.0.0.1:2181", "heron.statemgr.root.path": "/heron",
    ]
    private let files = ["heron.statemgr.connection.string": "LOCALMODE", "heron.statemgr.root.path": "/tmp/x"]

    private func address(_ keys: [String: String], _ more: [String: String] = [:], port: Int? = nil) throws
        -> ServiceAddress
    {
        let all = keys.merging(more) { $1 }
        let entries = all.mapValues { text in
            Config.Entry(Int64(text).map { .int($0) } ?? .string(text), .builtIn)
        }
        return try ServiceAddress(Config(entries: entries), port: port)
    }

    @Test("With state in files, on this machine only")
    func local() throws {
        let address = try address(files)
        #expect(address.bind == "127.0.0.1" && address.host == "127.0.0.1" && address.port == 0)
        #expect(address.endpoint(port: 4711) == "127.0.0.1:4711")
    }

    @Test("With ZooKeeper, on all interfaces, under a name or address that leads here from elsewhere")
    func everywhere() throws {
        let address = try address(zooKeeper)
        #expect(address.bind == "0.0.0.0")
        let own = NetworkInterface.reachableAddresses()
        let isOwnName = address.host == ServiceRecord.ownHost()
        if isOwnName { #expect(!Set(IPAddress.resolve(address.host)).isDisjoint(with: own)) }
        #expect(isOwnName || address.host == own.first { !$0.isIPv6 }?.text ?? "127.0.0.1")
        #expect(own.allSatisfy { !$0.isLocal })
    }

    @Test("Everything can be set")
    func chosen() throws {
        let keys = [
            "heron.scheduler.http.address": "::", "heron.scheduler.http.host": "2001:db8::1",
            "heron.scheduler.http.port": "8080",
        ]
        let all = try address(files, keys)
        #expect(all.bind == "::" && all.port == 8080)
        #expect(all.endpoint(port: 8080) == "[2001:db8::1]:8080")
        #expect(try address(files, keys, port: 9).port == 9)
        let one = try address(zooKeeper, ["heron.scheduler.http.address": "127.0.0.1"])
        #expect(one.host == "127.0.0.1")
    }

    @Test(
        "What cannot be used is named with its key",
        arguments: [
            ("heron.scheduler.http.address", "somewhere", "is 'somewhere', which is no IP address"),
            ("heron.scheduler.http.address", "127.0.0.1:80", "is '127.0.0.1:80', which is no IP address"),
            ("heron.scheduler.http.host", "a b", "is 'a b', which is neither a host name nor an IP address"),
            ("heron.scheduler.http.host", "host:80", "is 'host:80', which is neither a host name nor an IP address"),
            ("heron.scheduler.http.port", "65536", "is 65536, which is no port"),
            ("heron.scheduler.http.port", "-1", "is -1, which is no port"),
        ]
    )
    func wrong(_ key: String, _ value: String, _ reason: String) throws {
        let error = #expect(throws: SchedulingError.self) { try address(zooKeeper, [key: value]) }
        #expect(error?.message == "\(key) \(reason)")
        #expect(error?.hint?.isEmpty == false)
    }
}
