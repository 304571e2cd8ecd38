import HeronJSON
import PluginABI
import Testing

@testable import PluginHost

private let schedulerClass = "org.example.OperationsScheduler"

@Suite struct OperationTests {
    private func operations(_ macros: String...) async throws -> (PluginFixture, PluginManifest) {
        let fixture = try PluginFixture()
        try await fixture.add("operations", defining: macros, manifest: manifest)
        return (fixture, try fixture.manifest("operations"))
    }

    private let manifest = """
        name: operations
        version: "1.0"
        abi: "1.2"
        library: liboperations.so
        classes:
          scheduler: [\(schedulerClass)]
        """

    /// Calls an operation on a cluster with texts as on a command line.
    private func call(
        _ plugin: PluginManifest,
        _ name: String,
        _ texts: [String: String] = [:],
        host: FakeHost = FakeHost()
    ) async throws -> OperationResult {
        let operations = try PluginOperations.load(plugin)
        let operation = try operations.operation(named: name)
        var given: [String: OperationValue] = [:]
        for (name, text) in texts { given[name] = try operation.value(text, of: name, plugin: plugin.name) }
        let values = try operation.values(given, plugin: plugin.name)
        return try await operations.call(operation, values, services: host)
    }

    @Test func everyTypeArrives() async throws {
        let (fixture, plugin) = try await operations()
        let result = try await call(
            plugin,
            "every-type",
            [
                "small": "-2147483648", "text": "größer", "big": "9223372036854775807", "real": "-1e300", "yes": "true",
                "bytes": "\u{0}abc", "other": "x", "half": "0.125", "last": "-7",
            ]
        )
        let expected: JSONValue = .object([
            "operation": .string("every-type"), "scheduler": .bool(false), "int32": .int(-2_147_483_648),
            "string": .string("größer"), "ended": .bool(true), "int64": .int(9_223_372_036_854_775_807),
            "double": .double(-1e300), "bool": .int(1), "bytes": .int(4), "first": .int(0), "other": .string("x"),
            "half": .double(0.125), "last": .int(-7),
        ])
        #expect(result == .json(expected))
        withExtendedLifetime(fixture) {}
    }

    @Test func defaultsTakeThePlaceOfWhatIsNotGiven() async throws {
        let (fixture, plugin) = try await operations()
        guard case .json(.object(let members)) = try await call(plugin, "every-type", ["small": "1"]) else {
            Issue.record("no object")
            return
        }
        #expect(members["string"] == .string("none"))
        #expect(members["int64"] == .int(-1))
        #expect(members["bytes"] == .int(0))
        #expect(members["last"] == .int(9))
        withExtendedLifetime(fixture) {}
    }

    @Test(arguments: [
        (["small": "2147483648"], "--small: '2147483648' is not a whole number from -2147483648 to 2147483647"),
        (["small": "1.5"], "--small: '1.5' is not a whole number"),
        (["small": ""], "--small: '' is not a whole number"),
        (["small": "1", "big": "99999999999999999999"], "--big: '99999999999999999999' is not a whole number"),
        (["small": "1", "real": "nan"], "--real: 'nan' is not a finite decimal number"),
        (["small": "1", "real": "0x10"], "--real: '0x10' is not a finite decimal number"),
        (["small": "1", "yes": "1"], "--yes: '1' is not true or false"),
        (["small": "1", "text": "a\u{0}b"], "--text: the text has a NUL byte"),
        (["tall": "1"], "there is no parameter --tall; it takes --small, --text"),
        ([:], "--small is missing; A small number."),
    ])
    func wrongValuesAreNamed(_ texts: [String: String], _ message: String) async throws {
        let (fixture, plugin) = try await operations()
        let error = await #expect(throws: PluginError.self) { try await call(plugin, "every-type", texts) }
        #expect(error?.code == .badArguments)
        #expect(error?.description.contains("plugin operations: every-type: \(message)") == true, "\(error as Any)")
        withExtendedLifetime(fixture) {}
    }

    @Test func failuresReachTheCaller() async throws {
        let (fixture, plugin) = try await operations()
        let failed = await #expect(throws: PluginError.self) { try await call(plugin, "fail", ["reason": "full"]) }
        #expect(failed?.description == "plugin operations: fail: full; make room")
        let unset = await #expect(throws: PluginError.self) { try await call(plugin, "config", ["key": "a.b"]) }
        #expect(unset?.code == .failed(HERON_NOT_FOUND))
        let set = try await call(plugin, "config", ["key": "a.b"], host: FakeHost(config: ["a.b": "c"]))
        #expect(set == .string("c"))
        let noJSON = await #expect(throws: PluginError.self) { try await call(plugin, "no-json") }
        #expect(noJSON?.description == "plugin operations: no-json: its result is not JSON")
        let nothing = await #expect(throws: PluginError.self) { try await call(plugin, "nothing") }
        #expect(nothing?.description == "plugin operations: nothing: it put 0 results instead of one")
        let unknown = await #expect(throws: PluginError.self) { try await call(plugin, "dance") }
        #expect(unknown?.description.contains("there is no operation 'dance'; it has: every-type, fail") == true)
        withExtendedLifetime(fixture) {}
    }

    @Test func aCallThatDoesNotReturnIsGivenUp() async throws {
        let (fixture, plugin) = try await operations()
        let host = FakeHost(config: ["heron.plugin.call.deadline.ms": "50"])
        let error = await #expect(throws: PluginError.self) { try await call(plugin, "hang", host: host) }
        #expect(error?.code == .hung)
        #expect(error?.description.contains("plugin operations: hang: has not returned within 0.05 seconds") == true)
        withExtendedLifetime(fixture) {}
    }

    @Test func operationsOnATopologyMeetItsScheduler() async throws {
        let (fixture, plugin) = try await operations()
        let scheduler = try await SchedulerInstance.create(
            manifest: plugin,
            className: schedulerClass,
            services: FakeHost()
        )
        try await scheduler.initialize()
        #expect(try await scheduler.operate("beside", [:]) == .string("words"))
        let other = await #expect(throws: PluginError.self) { try await scheduler.operate("fail", [:]) }
        #expect(other?.description == "plugin operations: fail: it works on a cluster")
        let unknown = await #expect(throws: PluginError.self) { try await scheduler.operate("beside", ["x": "1"]) }
        #expect(unknown?.description == "plugin operations: beside: there is no parameter --x; it takes none")
        try await scheduler.close()
        withExtendedLifetime(fixture) {}
    }

    @Test(arguments: [
        ("OPERATIONS_SIGNATURE=\"(int32,string)->status\"", "names 1"),
        ("OPERATIONS_SIGNATURE=\"(int16)->status\"", "the unknown type 'int16'; known are int32"),
        ("OPERATIONS_SIGNATURE=\"(int32)->list\"", "the unknown result 'list'"),
        ("OPERATIONS_SIGNATURE=\"int32->status\"", "is not of the form"),
        ("OPERATIONS_SIGNATURE=\"(int32,)->status\"", "the unknown type ''"),
        ("OPERATIONS_SIGNATURE=NULL", "the signature of operation wrong is NULL"),
        ("OPERATIONS_DEFAULT=\"many\"", "the default of --parameter of operation wrong: 'many' is not a whole number"),
        ("OPERATIONS_PARAMETER=\"Big Size\"", "is 'Big Size', not lower-case letters"),
        ("OPERATIONS_PARAMETER=\"topology\"", "an option of heron's own"),
        ("OPERATIONS_PARAMETER=\"\\xff\"", "is not one line of UTF-8"),
        ("OPERATIONS_NAME=\"fail\"", "there are two operations 'fail'"),
        ("OPERATIONS_TARGET=3", "the unknown target 3"),
        ("OPERATIONS_SIZE=8", "an operation's name is NULL"),
        ("OPERATIONS_ENDLESS", "there are two operations 'every-type'"),
    ])
    func wrongTablesAreRefused(_ macro: String, _ message: String) async throws {
        let (fixture, plugin) = try await operations(macro)
        let error = #expect(throws: PluginError.self) { try PluginOperations.load(plugin) }
        #expect(error?.code == .wrongABI)
        #expect(error?.description.contains(message) == true, "\(error as Any)")
        withExtendedLifetime(fixture) {}
    }
}
