import Files
import Glibc
import HeronYAML
import MesosAPI
import PluginKit
import Testing

@testable import MesosScheduling

/// Which configurations are taken, and what is said about the others.
@Suite struct SettingsTests {
    private let folder: SecretFolder

    init() throws { folder = try SecretFolder() }

    /// The settings of a configuration that has the defaults of `plugin.yaml` elsewhere.
    private func settings(_ changes: [String: String]) throws -> MesosSettings {
        var values = try PluginFiles.defaults()
        values["heron.mesos.master.uri"] = "master:5050"
        values.merge(changes) { $1 }
        return try MesosSettings(SettingsReader { [values] in values[$0] })
    }

    private func refusal(_ changes: [String: String]) -> String {
        do {
            _ = try settings(changes)
            return "taken"
        } catch {
            return "\(error)"
        }
    }

    @Test func defaultsAreTaken() throws {
        let settings = try settings([:])
        #expect(settings.failoverTimeout == 604_800 && settings.cachesPackages && !settings.sharesPackages)
        #expect(settings.options.authentication == .none)
    }

    @Test(arguments: [
        ("heron.mesos.framework.failover.timeout.seconds", "0", "60 to 31536000"),
        ("heron.mesos.framework.failover.timeout.seconds", "59", "60 to 31536000"),
        ("heron.mesos.task.restart.delay.ms", "0", "100 to 86400000 milliseconds"),
        ("heron.mesos.task.restart.delay.max.ms", "0", "1000 to 86400000 milliseconds"),
        ("heron.mesos.task.restart.stable.ms", "0", "1000 to 86400000 milliseconds"),
        ("heron.mesos.task.launch.timeout.ms", "0", "1000 to 86400000 milliseconds"),
        ("heron.mesos.agent.avoid.ms", "0", "1000 to 86400000 milliseconds"),
        ("heron.mesos.framework.staging.timeout.ms", "0", "1000 to 86400000 milliseconds"),
        ("heron.mesos.scheduler.driver.stop.timeout.ms", "0", "100 to 86400000 milliseconds"),
        ("heron.mesos.task.kill.grace.ms", "-1", "0 to 86400000 milliseconds"),
        ("heron.mesos.agent.lost.delay.ms", "86400001", "0 to 86400000 milliseconds"),
    ])
    func dangerousTimesAreRefused(key: String, value: String, range: String) {
        #expect(refusal([key: value]).hasPrefix("\(key) must be \(range)"))
    }

    @Test func theShortestTimesAreTaken() throws {
        let settings = try settings([
            "heron.mesos.framework.failover.timeout.seconds": "60", "heron.mesos.task.restart.delay.ms": "100",
            "heron.mesos.task.restart.delay.max.ms": "1000", "heron.mesos.agent.lost.delay.ms": "0",
            "heron.mesos.task.kill.grace.ms": "0",
        ])
        #expect(settings.failoverTimeout == 60)
    }

    @Test func theLongestPauseIsNotTheShorterOne() {
        let values = ["heron.mesos.task.restart.delay.ms": "5000", "heron.mesos.task.restart.delay.max.ms": "2000"]
        #expect(
            refusal(values).hasPrefix(
                "heron.mesos.task.restart.delay.max.ms is less than heron.mesos.task.restart.delay.ms"
            )
        )
    }

    @Test(arguments: [
        (" two  words\tand a tab \r\n", "two  words\tand a tab"), ("\n\nhush\n\n", "hush"), ("hush", "hush"),
    ])
    func onlyTheEndsOfASecretAreTrimmed(content: String, secret: String) throws {
        let path = try folder.write("secret", content)
        let basic = try settings([
            "heron.mesos.framework.principal": "heron", "heron.mesos.framework.secret.file": path,
        ])
        #expect(basic.options.authentication == .basic(principal: "heron", secret: secret))
        let header = try settings(["heron.mesos.framework.authorization.file": path])
        #expect(header.options.authentication == .authorization(secret))
    }

    @Test(arguments: [
        ("token=a\r\nX-Other: b\n", "has more than one line"), (" \n", "is empty"), ("", "is empty"),
    ])
    func whatIsNoSecretIsRefused(content: String, reason: String) throws {
        let key = "heron.mesos.framework.authorization.file"
        let path = try folder.write("secret", content)
        #expect(refusal([key: path]).hasPrefix("\(key): \(path) \(reason)"))
    }

    @Test func aSecretThatIsNoTextIsRefused() throws {
        let key = "heron.mesos.framework.authorization.file"
        let path = try folder.write("secret", [0x61, 0xFF, 0xFE])
        #expect(refusal([key: path]).hasPrefix("\(key): \(path) is not text in UTF-8"))
    }

    @Test(arguments: [
        "heron.mesos.framework.secret.file", "heron.mesos.framework.authorization.file", "heron.mesos.tls.key.file",
    ])
    func othersMayNotReadSecrets(key: String) throws {
        let path = try folder.write("secret", "hush")
        let values = ["heron.mesos.framework.principal": "heron", key: path]
        #expect(refusal(values) == "taken")
        for mode: mode_t in [0o640, 0o604, 0o644, 0o620] {
            #expect(chmod(path, mode) == 0)
            #expect(refusal(values).hasPrefix("\(key): others may read \(path)"))
        }
        #expect(mkfifo(path + ".pipe", 0o600) == 0)
        #expect(refusal([key: path + ".pipe"]).hasPrefix("\(key): \(path).pipe is not a small regular file"))
        #expect(refusal([key: path + ".none"]).hasPrefix("\(key): cannot read \(path).none"))
    }
}

/// That `conf/mesos` and `plugin.yaml` say the same.
@Suite struct ConfigurationFileTests {
    @Test func everyKeyOfThePluginIsInTheFile() throws {
        let (written, plugin) = (try PluginFiles.schedulerFile(), try PluginFiles.keys())
        for (name, key) in plugin {
            let names = [name] + key.aliases
            let value = try #require(names.compactMap { written[$0] }.first, "\(name) is missing")
            #expect(key.defaultValue == nil || value == key.defaultValue, "\(name)")
        }
        let aliases = Set(plugin.values.flatMap(\.aliases))
        for name in written.keys where name.hasPrefix("heron.mesos.") {
            #expect(plugin[name] != nil || aliases.contains(name), "\(name) is not declared")
        }
        for name in ["address", "host", "port"] { #expect(written["heron.scheduler.http.\(name)"] != nil) }
    }
}

/// The repository's files.
private enum PluginFiles {
    struct Key {
        let defaultValue: String?
        let aliases: [String]
    }

    static func keys() throws -> [String: Key] {
        let config = try #require(try map("Plugins/Mesos/plugin.yaml")["config"]?.mapValue)
        return Dictionary(
            uniqueKeysWithValues: config.entries.map { entry in
                let properties = entry.value.mapValue
                let aliases = properties?["aliases"]?.listValue?.compactMap(\.stringValue) ?? []
                return (entry.key, Key(defaultValue: properties?["default"].map(text), aliases: aliases))
            }
        )
    }

    static func defaults() throws -> [String: String] { try keys().compactMapValues(\.defaultValue) }

    /// `conf/mesos/scheduler.yaml` with the keys that are commented out.
    static func schedulerFile() throws -> [String: String] {
        let file = try File(reading: "\(repository)/conf/mesos/scheduler.yaml")
        let content = String(decoding: try file.bytes(at: 0, count: Int(file.status().size)), as: UTF8.self)
        let lines = content.split(separator: "\n").map { $0.hasPrefix("# heron.") ? $0.dropFirst(2) : $0 }
        let map = try YAMLDocument.parse(lines.joined(separator: "\n"), name: "scheduler.yaml").map()
        return Dictionary(uniqueKeysWithValues: map.entries.map { ($0.key, text($0.value)) })
    }

    private static func map(_ path: String) throws -> YAMLMap {
        try YAMLDocument.load(path: "\(repository)/\(path)").map()
    }

    private static func text(_ value: YAMLValue) -> String {
        switch value {
        case .int(let number): "\(number)"
        case .bool(let flag): "\(flag)"
        default: value.stringValue ?? "\(value)"
        }
    }

    private static let repository = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
}

/// A folder of a test's own for files with secrets, removed with the value.
private final class SecretFolder: Sendable {
    private let path: String

    init() throws {
        var template: [CChar] = Array("/tmp/heron-secrets-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { try? removeTree(path) }

    /// Writes a file of mode 0600 and returns its path.
    func write(_ name: String, _ content: [UInt8]) throws -> String {
        let file = try File(creating: "\(path)/\(name)", permissions: 0o600)
        try content.withUnsafeBytes { try file.write($0) }
        try file.close()
        return "\(path)/\(name)"
    }

    func write(_ name: String, _ content: String) throws -> String { try write(name, Array(content.utf8)) }
}
