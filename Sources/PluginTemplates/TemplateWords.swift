import PluginHost

/// What stands for a plugin's own names in a template's files.
struct TemplateWords {
    /// Placeholders and what replaces them.
    private let words: [(placeholder: String, text: String)]

    /// - Parameter name: a valid plugin name, such as `slurm-x`.
    init(name: String) {
        let parts = name.split(separator: "-")
        words = [
            ("@NAME@", name),
            ("@IDENTIFIER@", parts.joined(separator: "_")),
            ("@CLASS@", parts.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()),
            ("@ABI@", ABIVersion.host.description),
        ]
    }

    func replace(in text: String) -> String {
        words.reduce(text) { $0.replacing($1.placeholder, with: $1.text) }
    }
}
