import Glibc
import Testing

@testable import ExecutorCore

@Suite struct OptionsTests {
    private static let golden = getenv("HERON_GOLDEN").map { String(cString: $0) }

    @Test(.enabled(if: golden != nil, "HERON_GOLDEN names no folder with data made by Heron"))
    func heronsOwnArgumentsAreRead() throws {
        let file = try #require(contents("\(OptionsTests.golden ?? "")/executor-arguments.txt"))
        let arguments = file.split(separator: "\n").map { String($0).replacing("<port>", with: "6001") }
        let options = try ExecutorOptions.parse(arguments)
        #expect(options.topologyName == "MultiSpoutExclamationTopology")
        #expect(options.stateManagerRoot == "<home>/.herondata/repository/state/local")
        #expect(options.componentRamMap["exclaim1"] == 1 << 30 && options.componentRamMap.count == 4)
        #expect(options.pkgType == .jar && options.shard == 0 && !options.isStateful && !options.verboseGc)
        #expect(options.checkpointManagerClasspath == "./heron-core/lib/ckptmgr/*:./heron-core/lib/statefulstorage/*:")
        #expect(options.checkpointManagerPort == 6001 && options.jvmRemoteDebuggerPorts.isEmpty)
        let jvm = try EncodedOptions.list(options.instanceJvmOpts, option: "x")
        #expect(jvm == ["-XX:+HeapDumpOnOutOfMemoryError"])
        #expect(try EncodedOptions.byComponent(options.componentJvmOpts, option: "x").isEmpty)
    }

    @Test(arguments: ["topology-name", "component-ram-map", "role", "shard", "checkpoint-manager-port"])
    func missingOptionsAreNamed(_ name: String) {
        let error = #expect(throws: (any Error).self) {
            try ExecutorOptions.parse(executorArguments().filter { !$0.hasPrefix("--\(name)=") })
        }
        #expect(error.map { ExecutorOptions.message(for: $0) }?.contains("--\(name)") == true)
    }

    @Test func theMetricsCacheIsDisabledUnlessAskedFor() throws {
        let arguments = executorArguments().filter { !$0.hasPrefix("--metricscache-manager-mode=") }
        #expect(try ExecutorOptions.parse(arguments).metricscacheManagerMode == "disabled")
    }

    @Test func emptyValuesAndPortsAreRead() throws {
        let options = try executorOptions(["role": "", "jvm-remote-debugger-ports": "5001,5002", "is-stateful": "True"])
        #expect(options.role.isEmpty && options.jvmRemoteDebuggerPorts == [5001, 5002] && options.isStateful)
    }

    @Test(arguments: [
        ("shard", "-1"), ("shard", "x"), ("server-port", "65536"), ("server-port", ""), ("component-ram-map", ""),
        ("component-ram-map", "a"), ("component-ram-map", "a:b"), ("component-ram-map", ":1"), ("pkg-type", "zip"),
        ("is-stateful", "maybe"), ("jvm-remote-debugger-ports", "1,x"), ("checkpoint-manager-ram", "much"),
    ])
    func valuesThatMakeNoSenseAreRefused(_ name: String, _ value: String) {
        let error = #expect(throws: (any Error).self) { try executorOptions([name: value]) }
        #expect(error.map { ExecutorOptions.message(for: $0) }?.contains(name) == true)
    }

    @Test func aComponentsNameMayHoldAColon() throws {
        #expect(try executorOptions(["component-ram-map": "a:b:1,c:2"]).componentRamMap == ["a:b": 1, "c": 2])
    }
}

@Suite struct EncodedOptionsTests {
    @Test func optionsAreSplitAtWhiteSpace() throws {
        // base64 of "-Xa  -Db=c"
        for text in ["\"LVhhICAtRGI9Yw(61)(61)\"", "\"LVhhICAtRGI9Yw&equals;&equals;\"", "LVhhICAtRGI9Yw=="] {
            #expect(try EncodedOptions.list(text, option: "x") == ["-Xa", "-Db=c"])
        }
        #expect(try EncodedOptions.list("\"\"", option: "x") == [])
        #expect(try EncodedOptions.list("", option: "x") == [])
    }

    /// No shell reads them: quotes are part of an option, and do not hold blanks together. So it is in Heron.
    @Test func quotesAreNothingSpecial() throws {
        // base64 of -Da="b c" -De='f'\tg
        let text = "\"LURhPSJiIGMiIC1EZT0nZicJZw(61)(61)\""
        #expect(try EncodedOptions.list(text, option: "x") == ["-Da=\"b", "c\"", "-De='f'", "g"])
    }

    @Test func componentsHaveOptionsOfTheirOwn() throws {
        // base64 of {"d29yZA==":"LVhh","Y291bnQ=":"LVhiIC1YYw=="}, that is word and count
        let text = "\"eyJkMjl5WkE9PSI6IkxWaGgiLCJZMjkxYm5RPSI6IkxWaGlJQzFZWXc9PSJ9\""
        #expect(try EncodedOptions.byComponent(text, option: "x") == ["word": ["-Xa"], "count": ["-Xb", "-Xc"]])
    }

    @Test(arguments: ["\"%%%%\"", "\"abc\"", "\"a===\"", "\"/////w==\""])
    func whatIsNoBase64OfATextIsRefused(_ text: String) {
        let error = #expect(throws: ExecutorError.self) { try EncodedOptions.list(text, option: "--opts") }
        #expect(error?.description.hasPrefix("--opts: '") == true)
    }

    @Test func base64IsDecoded() {
        let cases: [(String, [UInt8]?)] = [
            ("", []), ("AA==", [0]), ("AAE=", [0, 1]), ("AAEC", [0, 1, 2]), ("+/+/", [251, 255, 191]), ("A", nil),
            ("A=A=", nil), ("====", nil),
        ]
        for (text, bytes) in cases { #expect(decodeBase64(text) == bytes, "\(text)") }
    }
}
