import HeronYAML
import Testing

@testable import HeronConfig

@Suite struct ConfigValuesTests {
    @Test(arguments: [
        ("a=b", YAMLValue.string("b")), ("a=", .string("")), ("a=true", .bool(true)), ("a=False", .bool(false)),
        ("a=FALSE", .bool(false)), ("a=tRue", .string("tRue")), ("a=3", .string("3")), ("a= x", .string(" x")),
    ])
    func properties(_ text: String, _ value: YAMLValue) throws {
        #expect(try ConfigProperty(parsing: text) == ConfigProperty(key: "a", value: value))
    }

    /// The second is longer than YAML lets a key be, once escaped.
    @Test(arguments: ["a\tb=c", String(repeating: "\u{FFFD}", count: 100) + "=c", "\u{85}=c"])
    func badKeys(_ text: String) {
        #expect(message { try ConfigProperty(parsing: text) }.contains("a key has at most 256 bytes and no control"))
    }

    /// Found by the fuzzer of overrides; see Fuzz/README.md.
    @Test func aLongKeyIsReadBack() throws {
        let property = try ConfigProperty(parsing: String(repeating: "\u{FFFD}", count: 85) + "=c")
        let read = try YAMLDocument.parse(ConfigProperty.overrideFile([property]), name: "override.yaml").map()
        #expect(read[property.key] == .string("c"))
    }

    @Test(arguments: ["a", "", "=b", "a=b=c", "a\n"])
    func badProperties(_ text: String) {
        let message = message { try ConfigProperty(parsing: text) }
        #expect(message.hasSuffix("expected key=value with exactly one '='"))
        #expect(!message.contains("\n"))
    }

    @Test func theOverrideFile() throws {
        #expect(ConfigProperty.overrideFile([]) == "{}\n")
        let properties = try ["a.b=3", "c=true", "a.b=4"].map(ConfigProperty.init(parsing:))
        #expect(ConfigProperty.overrideFile(properties) == "a.b: '4'\nc: true\n")
    }

    @Test func numbers() {
        #expect(Int(configValue: "12") == 12)
        #expect(Int(configValue: 12) == 12)
        #expect(Int(configValue: 1.5) == nil)
        #expect(Double(configValue: "1.5") == 1.5)
        #expect(Double(configValue: 2) == 2)
        #expect(Double(configValue: .double(.infinity)) == nil)
        #expect(ByteCount(configValue: -1) == nil)
        #expect(Bool(configValue: "true") == nil)
        #expect(String(configValue: 1) == nil)
    }

    @Test(arguments: [
        ("a.jar", PackageType.jar), ("A.PEX", .pex), ("a.py", .pex), ("a.tar.gz", .tar), ("a.tar", .tar), ("a.so", .so),
        ("a.dylib", .dylib),
    ])
    func packageTypes(_ file: String, _ type: PackageType) throws {
        #expect(try PackageType(topologyFile: file) == type)
    }

    @Test(arguments: ["a", "a.zip", "a.gz", "pex", ""])
    func unknownPackageTypes(_ file: String) {
        #expect(throws: ConfigError.self) { try PackageType(topologyFile: file) }
    }

    @Test func aReportMasksSecrets() {
        let entries: [String: YAMLValue] = [
            "heron.uploader.s3.secret_key": "abc", "heron.marathon.scheduler.auth.token": 7, "a": "line\nbreak",
            "m": .map(YAMLMap([("password", "p"), ("user", "u")])), "u": "https://joe:pw@host/x", "b": true,
            "heron.statemgr.zookeeper.auth.file": "/etc/auth",
        ]
        let rows = ConfigReport.rows(Config(entries: entries.mapValues { Config.Entry($0, .file("c.yaml", line: 3)) }))
        #expect(rows.map(\.key) == entries.keys.sorted())
        let values = Dictionary(uniqueKeysWithValues: rows.map { ($0.key, $0.value) })
        #expect(values["heron.uploader.s3.secret_key"] == "********")
        #expect(values["heron.marathon.scheduler.auth.token"] == "********")
        #expect(values["a"] == "line\\u{a}break")
        #expect(values["m"] == "{'password': '********', 'user': 'u'}")
        #expect(values["u"] == "https://joe:********@host/x")
        #expect(values["b"] == "true")
        #expect(values["heron.statemgr.zookeeper.auth.file"] == "/etc/auth")
        #expect(rows[0].origin == "c.yaml:3")
    }

    @Test func nearestNames() {
        #expect(EditDistance.nearest(to: "lcoal", among: ["local", "mesos"]) == "local")
        #expect(EditDistance.nearest(to: "prod", among: ["local", "mesos"]) == nil)
        #expect(EditDistance.nearest(to: "x", among: ["y"]) == nil)
        #expect(EditDistance.between("abc", "acb", limit: 3) == 1)
        #expect(EditDistance.between("kitten", "sitting", limit: 9) == 3)
    }

    @Test func thisProcess() throws {
        let user = try UserEnvironment.current()
        #expect(user.home.hasPrefix("/"))
        #expect(!user.loginName.isEmpty)
    }
}
