import Glibc
import Testing

@testable import HeronConfig

@Suite struct TopologyAddressTests {
    @Test(arguments: [
        ("local", "local/alice/default"), ("local/bob", "local/bob/default"), ("local//prod", "local/alice/prod"),
        ("local/bob/prod", "local/bob/prod"), ("local/", "local/alice/default"), ("a-b_c.d/x@y/1", "a-b_c.d/x@y/1"),
    ])
    func resolution(_ text: String, _ expected: String) throws {
        let address = try TopologyAddress(parsing: text)
        #expect("\(try address.resolved(loginName: "alice", requirements: ClientRequirements()))" == expected)
    }

    @Test(arguments: [
        "", "/bob", "local/a/b/c", "../x", "local/..", "local/./x", ".", "local/a b", "local/a\nb", "local/-x",
        "lo\u{1b}cal",
        "local/a,b", "local/a=b", "local/$HOME", "local/" + String(repeating: "x", count: 129), "local/a:b",
    ])
    func refusals(_ text: String) {
        let message = message { try TopologyAddress(parsing: text) }
        #expect(message.hasPrefix("argument cluster/[role]/[environ] is not correct: "))
        #expect(!message.contains("\n") && !message.contains("\u{1b}"))
    }

    @Test func whatWasLeftOutIsNotCompared() throws {
        let place = ClusterRoleEnviron(cluster: "local", role: "alice", environ: "devel")
        for text in ["local", "local/alice", "local//devel", "local/alice/devel"] {
            #expect(try TopologyAddress(parsing: text).matches(place))
        }
        for text in ["mesos", "local/bob", "local//prod", "local/alice/prod"] {
            #expect(!(try TopologyAddress(parsing: text).matches(place)))
        }
    }

    @Test func requirements() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "local/client.yaml",
            "heron.config.is.role.required: True\n\nheron.config.is.env.required: yes\n"
        )
        let directory = try ClusterDirectory(cluster: "local", in: folder.path)
        let requirements = try directory.clientRequirements()
        func resolve(_ text: String) -> String {
            message { try TopologyAddress(parsing: text).resolved(loginName: "alice", requirements: requirements) }
        }
        let file = "\(folder.path)/local/client.yaml"
        #expect(
            resolve("local")
                == "argument cluster/[role]/[environ] is not correct: 'local': role required but not provided "
                + "(heron.config.is.role.required is true, \(file):1)"
        )
        #expect(resolve("local/bob").contains("environ required but not provided"))
        #expect(resolve("local/bob/prod") == "no error")
        try folder.write("local/client.yaml", "heron.config.is.role.required: 1\n")
        #expect(
            message { try directory.clientRequirements() }.hasPrefix("\(file):1: heron.config.is.role.required must be")
        )
    }

    @Test func aLoginNameThatCannotBeARole() throws {
        let address = try TopologyAddress(parsing: "local")
        let message = message { try address.resolved(loginName: "a b", requirements: ClientRequirements()) }
        #expect(message.hasSuffix("; give a role"))
    }

    @Test func clusters() throws {
        let folder = try TemporaryFolder()
        try folder.write("conf/local/x", "")
        try folder.write("conf/mesos/x", "")
        try folder.write("conf/heron_tracker.yaml", "")
        let conf = "\(folder.path)/conf"
        #expect(try ClusterDirectory(cluster: "mesos", in: conf).path == "\(conf)/mesos")
        #expect(
            message { try ClusterDirectory(cluster: "loca", in: conf) }
                == "there is no cluster 'loca' in \(conf), there are: local, mesos; did you mean 'local'?"
        )
        #expect(message { try ClusterDirectory(cluster: "x", in: "\(conf)/no") }.hasSuffix("/conf/no' does not exist"))
        #expect(try ClusterDirectory(cluster: "local", in: conf).clientRequirements() == ClientRequirements())
    }

    @Test func clientSettings() throws {
        let folder = try TemporaryFolder()
        let user = UserEnvironment(home: folder.path, loginName: "alice")
        let settings = ClientSettings(cluster: "local", environment: user)
        #expect(try settings.list().isEmpty)
        try settings.set("service_url", "http://a:1")
        try settings.set("service_url", "http://b:2/x y")
        #expect(try settings.list().map { "\($0.property) = \($0.value)" } == ["service_url = http://b:2/x y"])
        #expect(
            try read("\(folder.path)/.config/heron/local/cli.yaml") == Array("service_url: 'http://b:2/x y'\n".utf8)
        )
        #expect(message { try settings.set("x", "1") } == "Unknown property [x] for cluster local")
        #expect(message { try settings.unset("x") } == "Unknown property [x] for cluster local")
        try settings.unset("service_url")
        #expect(access(settings.path, F_OK) != 0)
        try settings.unset("service_url")
    }
}
