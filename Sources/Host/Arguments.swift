/// Makes command lines that Heron's own client takes acceptable to ours.
enum Arguments {
    /// Completes the options of a command line.
    ///
    /// Heron's parser takes any unambiguous beginning of an option's name; ours wants it whole. A beginning is completed
    /// here if exactly one option begins with it. Nothing behind `--` is touched, nor the parameters of operations.
    static func rewritten(_ arguments: ArraySlice<String>) -> [String] {
        guard !arguments.starts(with: ["plugin", "call"]) else {
            // Behind the plugin's name the help is that of the plugin; the parser takes nothing unknown before it.
            let wantsHelp: Bool = arguments.dropFirst(2).first.map(["-h", "--help"].contains) ?? false
            return wantsHelp ? ["help", "plugin", "call"] : Array(arguments)
        }
        var result: [String] = []
        var rest: ArraySlice<String> = arguments
        while let argument: String = rest.popFirst() {
            result.append(completed(argument))
            if argument == "--" { return result + rest }
        }
        return result
    }

    private static let options = [
        "--config-path", "--config-property", "--deploy-deactivated", "--dry-run", "--dry-run-format",
        "--extra-launch-classpath", "--release-yaml-file", "--service-url", "--topology-main-jvm-property", "--verbose",
        "--verbose_gc", "--component-parallelism", "--runtime-config", "--container-number", "--no-wait", "--timeout",
        "--output", "--explain", "--help", "--main-timeout", "--force", "--foreground",
    ]

    private static func completed(_ argument: String) -> String {
        guard argument.hasPrefix("--"), argument.count > 3 else { return argument }
        let name: Substring = argument.prefix { $0 != "=" }
        guard !options.contains(String(name)) else { return argument }
        let matches: [String] = options.filter { $0.hasPrefix(name) }
        return matches.count == 1 ? matches[0] + argument.dropFirst(name.count) : argument
    }
}
