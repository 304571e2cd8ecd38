import Submission

/// Shows the steps of a submission on stderr, a line each.
struct SubmitReporter: Sendable {
    func report(_ progress: SubmitProgress) {
        switch progress {
        case .defining(let file): Console.info("running \(file)")
        case .launching(let topology): Console.info("Launching topology: '\(topology)'")
        case .packed(let containers, let instances, let algorithm):
            let name: Substring = algorithm.split(separator: ".").last ?? "?"
            step("packing", "\(count(instances, "instance")) in \(count(containers, "container")) (\(name))")
        case .uploaded(let uri): step("upload", uri)
        case .recorded(let state): step("state", state)
        case .launched(let launcher): step("launch", "plugin \(launcher)")
        case .containers(let running, let total): step("containers", "\(running) of \(total) running")
        case .running(let seconds):
            let tenths = Int((seconds * 10).rounded())
            step("running", "after \(tenths / 10).\(tenths % 10) s")
        case .warning(let text): Console.warning(text)
        }
    }

    private func step(_ name: String, _ text: String) {
        Console.info("  \(name)\(String(repeating: " ", count: max(1, 12 - name.count)))\(text)")
    }

    private func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
