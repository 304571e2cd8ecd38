/// What an unquoted scalar means: the types of YAML 1.1, as SnakeYAML and PyYAML resolve them.
enum YAMLScalar {
    static func resolve(_ text: String) -> YAMLValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return .bool(true)
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return .bool(false)
        default: break
        }
        guard let first = text.utf8.first, first < 0x3A else { return .string(text) }  // signs, `.` and digits
        if let value = integer(text) { return .int(value) }
        if let value = floatingPoint(text) { return .double(value) }
        return .string(text)
    }

    /// Decimal, `0b`, octal with a leading `0`, `0x`, or base 60 (`1:30`), each with a sign and `_` between digits.
    ///
    /// Nil also for an integer that does not fit into 64 bits: it stays text, and whoever wants a number refuses it.
    private static func integer(_ text: String) -> Int64? {
        var digits: Substring = text[...]
        let isNegative: Bool = digits.first == "-"
        if isNegative || digits.first == "+" { digits.removeFirst() }
        guard let first = digits.first, first.isASCII, first.isNumber else { return nil }
        let sign: String = isNegative ? "-" : ""
        if digits.contains(":") { return baseSixty(digits).map { isNegative ? -$0 : $0 } }
        for (prefix, radix) in [("0b", 2), ("0x", 16), ("0", 8)] where digits.hasPrefix(prefix) && digits != "0" {
            return number(digits.dropFirst(prefix.count), radix: radix, sign)
        }
        return number(digits, radix: 10, sign)
    }

    private static func number(_ digits: Substring, radix: Int, _ sign: String) -> Int64? {
        let plain: String = digits.filter { $0 != "_" }
        // Int64(_:radix:) takes a sign of its own, which must not follow ours.
        guard let first = plain.first, first != "+", first != "-" else { return nil }
        return Int64(sign + plain, radix: radix)
    }

    private static func baseSixty(_ digits: Substring) -> Int64? {
        let parts: [Substring] = digits.split(separator: ":", omittingEmptySubsequences: false)
        guard parts[0].first != "0", var value = number(parts[0], radix: 10, "") else { return nil }
        for part in parts.dropFirst() {
            guard (1...2).contains(part.count), let next = number(part, radix: 10, ""), next < 60 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 60)
            guard !overflow, product <= Int64.max - next else { return nil }
            value = product + next
        }
        return value
    }

    /// A number with a fraction or an exponent, or one of `.inf` and `.nan`.
    private static func floatingPoint(_ text: String) -> Double? {
        switch text {
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .infinity
        case "-.inf", "-.Inf", "-.INF": return -.infinity
        case ".nan", ".NaN", ".NAN": return .nan
        default: break
        }
        let allowed = "0123456789_.eE+-"
        guard text.allSatisfy({ allowed.contains($0) }), text.contains(where: { ".eE".contains($0) }),
            text.contains(where: \.isNumber), text.first != "_"
        else { return nil }
        let plain: String = text.filter { $0 != "_" }
        return Double(plain.hasSuffix(".") ? plain + "0" : plain)
    }
}
