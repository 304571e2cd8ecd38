import Testing

@testable import HeronYAML

@Suite struct YAMLScalarTests {
    @Test(arguments: [
        ("", YAMLValue.null), ("~", .null), ("NULL", .null), ("nULL", .string("nULL")),
        ("True", .bool(true)), ("yes", .bool(true)), ("on", .bool(true)), ("y", .string("y")),
        ("False", .bool(false)), ("NO", .bool(false)), ("off", .bool(false)), ("tRUE", .string("tRUE")),
    ])
    func words(_ text: String, _ value: YAMLValue) {
        #expect(YAMLScalar.resolve(text) == value)
    }

    @Test(arguments: [
        ("0", YAMLValue.int(0)), ("-12", .int(-12)), ("+7", .int(7)), ("1_000", .int(1000)), ("010", .int(8)),
        ("0x1F", .int(31)), ("-0b101", .int(-5)), ("1:30", .int(90)), ("1:00:01", .int(3601)),
        ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
    ])
    func integers(_ text: String, _ value: YAMLValue) {
        #expect(YAMLScalar.resolve(text) == value)
    }

    @Test(arguments: [
        ("1.5", 1.5), ("-.5", -0.5), ("1.", 1.0), ("6.8523015e+5", 685_230.15), ("1e3", 1000), (".inf", .infinity),
        ("-.INF", -.infinity),
    ])
    func fractions(_ text: String, _ value: Double) {
        #expect(YAMLScalar.resolve(text) == .double(value))
    }

    @Test(arguments: [
        "08", "0o7", "-", "+", ".", "..", "1.2.3", "127.0.0.1:2181", "localhost:2181", "2181:2888",
        "9223372036854775808",
        "2024-01-31", "1:60", "01:30", "0x", "0b", "--5", "0-5", "+-5", "1e", "_1", "${HOME}/x", "$JAVA_HOME",
    ])
    func whatStaysText(_ text: String) {
        #expect(YAMLScalar.resolve(text) == .string(text))
    }

    @Test func notANumber() {
        guard case .double(let value) = YAMLScalar.resolve(".NaN") else {
            Issue.record("not a number")
            return
        }
        #expect(value.isNaN)
    }
}
