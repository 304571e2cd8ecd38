/// The environment variable through which a topology's program learns where and how to write its definition.
///
/// Format (Heron 0.20.5): `key=value` pairs joined by commas, every space written as `%%%%`. Neither a comma nor, for
/// Java's reader, a second `=` can be escaped.
struct HeronOptions {
    static let variable = "HERON_OPTIONS"

    private(set) var pairs: [(key: String, value: String)] = []

    mutating func add(_ key: String, _ value: String) throws {
        guard !value.contains(",") else {
            throw SubmissionError(
                "\(HeronOptions.variable) cannot carry '\(value)' (\(key)): it contains a comma",
                hint: "rename the file, role or environ"
            )
        }
        pairs.append((key, value))
    }

    /// What the program of a request is told; it is to write into the folder.
    ///
    /// Throws ``SubmissionError`` for a text that the variable cannot carry.
    init(_ request: SubmitRequest, definitionFolder: String) throws {
        try add("cmdline.topologydefn.tmpdirectory", definitionFolder)
        try add("cmdline.topology.initial.state", request.deactivated ? "PAUSED" : "RUNNING")
        try add("cmdline.topology.role", request.place.role)
        try add("cmdline.topology.environment", request.place.environ)
        try add("cmdline.topology.cluster", request.place.cluster)
        try add("cmdline.topology.file_name", request.file.givenPath)
        try add("cmdline.topology.class_name", request.className)
        try add("cmdline.topology.submit_user", request.submitUser)
        // Only heronpy takes the name from here; other topologies' arguments may hold whatever they like.
        let isPython: Bool = [.pex, .python].contains(request.file.kind)
        if isPython, request.className != "-", let name: String = request.arguments.first {
            try add("cmdline.topology.name", name)
        }
    }

    init() {}

    var encoded: String {
        var result = ""
        for (index, pair) in pairs.enumerated() {
            if index > 0 { result += "," }
            result += "\(pair.key)=\(pair.value)"
        }
        return result.split(separator: " ", omittingEmptySubsequences: false).joined(separator: "%%%%")
    }
}
