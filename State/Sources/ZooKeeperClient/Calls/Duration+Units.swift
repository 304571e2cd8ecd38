extension Duration {
    /// Whole milliseconds, as C interfaces count them.
    var milliseconds: Int { microseconds / 1000 }

    /// Whole microseconds, at most some 290 000 years.
    var microseconds: Int {
        let (seconds, attoseconds) = components
        return Int(clamping: seconds.clampedProduct(1_000_000) + attoseconds / 1_000_000_000_000)
    }
}

extension Int64 {
    /// The product, or half of the largest number where it would not fit.
    fileprivate func clampedProduct(_ factor: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? .max / 2 : product
    }
}
