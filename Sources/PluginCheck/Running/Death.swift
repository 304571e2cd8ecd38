import Processes

/// Why a check's process ended before its check did.
struct Death {
    let violation: Violation

    init(_ completed: CompletedProcess, _ place: CallPlace) {
        let said = String(decoding: completed.error, as: UTF8.self)
        let (rule, what) = Death.cause(completed, said, place.rule)
        // A thread of the plugin's own does what it does between two calls, too.
        let function: String = place.function.isEmpty ? "the plugin, between two calls," : place.function
        let reason: String = Death.sanitizer(in: said).map { ": \($0)" } ?? ""
        violation = Violation(rule: rule, detail: oneLine("\(function) \(what)\(reason)"))
    }

    private static func cause(_ completed: CompletedProcess, _ said: String, _ rule: Rule) -> (Rule, String) {
        if completed.timedOut { return (rule, "does not return") }
        if let exception = exception(in: said) { return (.unwinding, "threw an exception: \(exception)") }
        switch completed.status {
        case .signaled(let number): return (rule, "crashed (\(signalName(number)))")
        case .exited(let code): return (.exits, "ended the process (exit code \(code))")
        case .unknown: return (rule, "ended the process in an unknown way")
        }
    }

    /// What the runtimes of C++ and Rust say when an exception has nowhere to go.
    private static func exception(in text: String) -> String? {
        line(of: text) { line in
            line.contains("terminate called") || line.contains("terminating due to uncaught exception")
                || line.contains("panic in a function that cannot unwind")
        }
    }

    /// What a sanitizer found, or why it does not work.
    private static func sanitizer(in text: String) -> String? {
        if text.contains("ASan runtime does not come first") {
            return "the plugin was built with a sanitizer; check it with --sanitize address"
        }
        return line(of: text) { $0.hasPrefix("SUMMARY: ") } ?? line(of: text) { $0.contains("Sanitizer: ") }
    }

    private static func line(of text: String, where matches: (Substring) -> Bool) -> String? {
        text.split(whereSeparator: \.isNewline).first(where: matches).map(String.init)
    }
}
