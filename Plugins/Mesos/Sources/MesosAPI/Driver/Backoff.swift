/// The pauses between attempts: none before the first, a random one before the second, then growing ones.
struct Backoff {
    private let options: MesosOptions.BackoffOptions
    private var attempts = 0

    init(_ options: MesosOptions.BackoffOptions) {
        self.options = options
    }

    /// The pause before the next attempt.
    mutating func next() -> Duration {
        defer { attempts += 1 }
        switch attempts {
        case 0: return .zero
        // So that not all come at once when a master has gone.
        case 1: return options.initial * Double.random(in: 0...1)
        default:
            // Beyond 20 doublings any pause is at its maximum.
            let ceiling = min(options.maximum, options.initial * (1 << min(attempts - 1, 20)))
            return ceiling * Double.random(in: 0.5...1)
        }
    }

    /// Begins anew, after an attempt that was worth it.
    mutating func reset() {
        attempts = min(attempts, 1)
    }
}
