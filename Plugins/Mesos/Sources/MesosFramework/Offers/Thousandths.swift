/// Mesos's arithmetic of scalar resources: whole thousandths, so that sums are exact.
enum Thousandths {
    /// More than any agent has, and far from overflow.
    static let limit: Int64 = 1 << 50

    /// As Mesos rounds. Nothing if it is not a number or negative, ``limit`` if it is larger than that.
    static func round(_ value: Double) -> Int64 {
        guard value > 0 else { return 0 }
        return Int64(min((value * 1000).rounded(), Double(limit)))
    }

    /// The amount as Mesos takes it, with at most three decimals.
    static func value(_ thousandths: Int64) -> Double { Double(thousandths) / 1000 }

    /// "2", "0.5", "-1.25".
    static func text(_ thousandths: Int64) -> String {
        let sign = thousandths < 0 ? "-" : ""
        let (whole, rest) = thousandths.magnitude.quotientAndRemainder(dividingBy: 1000)
        guard rest > 0 else { return "\(sign)\(whole)" }
        var decimals = String(String(1000 + rest).dropFirst())
        while decimals.last == "0" { decimals.removeLast() }
        return "\(sign)\(whole).\(decimals)"
    }
}
