import HeronYAML
import Testing

@testable import HeronConfig

@Suite struct TokenExpansionTests {
    private func expand(_ value: String, _ more: [String: String] = [:], java: String? = "/opt/java") throws -> String {
        let keys = KnownKeys(adding: [])
        var entries: [String: Config.Entry] = keys.defaults
        for (key, text) in more { entries[key] = Config.Entry(.string(text), .file("a.yaml", line: 3)) }
        let user = UserEnvironment(home: "/home/alice", javaHome: java, loginName: "alice")
        return try TokenExpander(entries: entries, keys: keys, environment: user).expand(value, of: "the.key")
    }

    @Test(arguments: [
        ("${HOME}/x", "/home/alice/x"), ("~/x", "/home/alice/x"), ("~", "/home/alice"), ("${JAVA_HOME}", "/opt/java"),
        ("${HERON_BIN}/heron", "/usr/local/heron/bin/heron"), ("x${HOME}", "x${HOME}"),
        ("a:${HERON_LIB}", "a:${HERON_LIB}"),
        ("${NOBODY}/x", "${NOBODY}/x"), ("${ROLE}", "${ROLE}"), ("$JAVA_HOME", "$JAVA_HOME"), ("${home}", "${home}"),
        ("", ""), ("/", "/"), ("//", "/"), ("/a//b/", "/a/b"), ("./a/", "./a"), ("  /a b ", "/a b"),
        ("LOCALMODE", "LOCALMODE"),
        ("file://${HERON_DIST}/heron-core.tar.gz", "file:///usr/local/heron/dist/heron-core.tar.gz"),
        ("file:///a//b/", "file:///a/b"), ("http://host:1/", "http://host:1"), ("://x", ":/x"), ("http://", "http:"),
        ("127.0.0.1:2181", "127.0.0.1:2181"), ("zk://a:1,b:2/mesos", "zk://a:1,b:2/mesos"),
        ("${HERON_LIB}/scheduler/*", "/usr/local/heron/lib/scheduler/*"), ("a/~/b", "a/home/alice/b"),
    ])
    func examples(_ value: String, _ expected: String) throws {
        #expect(try expand(value) == expected)
    }

    @Test func chainsAndOlderNames() throws {
        let keys = [
            "heron.topology.name": "WC", "heron.directory.home": "${HERON_ETC}/h", "heron.directory.etc": "~/etc",
        ]
        #expect(try expand("${HERON_BIN}/${TOPOLOGY}/${TOPOLOGY_NAME}", keys) == "/home/alice/etc/h/bin/WC/WC")
    }

    @Test func anUnsetJavaHomeStays() throws {
        #expect(try expand("${JAVA_HOME}/bin", java: nil) == "${JAVA_HOME}/bin")
    }

    @Test func circles() {
        let expected = "the.key: the tokens in '${HERON_ETC}' refer to each other in a circle"
        #expect(
            message { try expand("${HERON_ETC}", ["heron.directory.etc": "${HERON_ETC}/${HERON_ETC}"]) } == expected
        )
        let two = ["heron.directory.etc": "${HERON_LIB}", "heron.directory.lib": "${HERON_ETC}"]
        #expect(message { try expand("${HERON_ETC}", two) } == expected)
    }

    @Test func suspicions() {
        let keys = KnownKeys(adding: [])
        let expander = TokenExpander(entries: keys.defaults, keys: keys, environment: alice)
        #expect(expander.suspicions("${HOME}/${ROLE}/${TOPOLOGY}/x").isEmpty)
        #expect(expander.suspicions("/a/${TOPOLGY}") == ["'${TOPOLGY}' is not a token; did you mean '${TOPOLOGY}'?"])
        #expect(expander.suspicions("x${HOME}/y").count == 1)
        #expect(expander.suspicions("file://${HERON_DIST}/y").isEmpty)
    }
}
