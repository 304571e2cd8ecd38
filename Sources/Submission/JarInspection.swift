import Files
import HeronConfig
import PackageFiles

/// What can be told of a topology's jars before a JVM is started for them.
struct JarInspection {
    private static let apiPackages = ["org.apache.heron", "com.twitter.heron"]
    private static let stormPackages = ["org.apache.storm", "backtype.storm"]
    private static let advice = "give the class whose main defines the topology, with its package"

    /// The topology file as the user named it.
    let file: String
    let classPath: JavaClassPath

    private var jars: [JarFile] { classPath.jars }

    /// Throws ``SubmissionError`` if the class is missing, or the jars bring no Heron API, or one of them twice.
    func check(className: String) throws {
        try checkClass(className)
        try checkAPI()
    }

    /// Throws ``SubmissionError`` if the class was compiled for a newer Java than the one that is to run it.
    func check(className: String, runsWith runtime: JavaRuntime) throws {
        guard let version = runtime.version,
            let needed = try jars.first(where: { $0.contains(className: className) })?.javaVersion(of: className),
            needed > version
        else { return }
        throw SubmissionError(
            "class '\(className)' of topology file '\(file)' is compiled for Java \(needed), but"
                + " '\(runtime.executable)' is Java \(version)",
            hint: "set JAVA_HOME to Java \(needed) or newer, or compile with javac --release \(version)"
        )
    }

    private func checkClass(_ name: String) throws {
        guard !(jars + classPath.provided).contains(where: { $0.contains(className: name) }) else { return }
        if let jar = classPath.hidden.first(where: { $0.contains(className: name) }) {
            throw hidden("class '\(name)'", in: jar)
        }
        guard name != "-" else {
            throw SubmissionError(
                "'-' runs a Python file itself, but topology file '\(file)' is in Java",
                hint: JarInspection.advice
            )
        }
        let names: [String] = jars.flatMap(\.classNames)
        throw SubmissionError(
            "topology file '\(file)' has no class '\(name)'",
            hint: suggestion(name, names).map { "did you mean '\($0)'?" }
                ?? JarInspection.advice
        )
    }

    /// A class written as a path or without its package, an inner class written with a dot, or a mistyped one.
    private func suggestion(_ name: String, _ names: [String]) -> String? {
        let ending: Int = name.hasSuffix(".class") ? ".class".count : 0
        let plain = String(name.dropLast(ending).map { $0 == "/" ? "." : $0 })
        let known: Set<String> = Set(names)
        if known.contains(plain) { return plain }
        let dotted = String(plain.map { $0 == "$" ? "." : $0 })
        if let inner = names.first(where: { String($0.map { $0 == "$" ? "." : $0 }) == dotted }) { return inner }
        return names.filter { $0.hasSuffix(".\(plain)") }.min() ?? EditDistance.nearest(to: plain, among: names)
    }

    private func checkAPI() throws {
        var found = false
        for package in JarInspection.apiPackages {
            let submitter = "\(package).api.HeronSubmitter"
            let copies: [JarFile] = (jars + classPath.hidden).filter { $0.contains(className: submitter) }
            guard copies.count < 2 else {
                throw SubmissionError(
                    "topology file '\(file)' has Heron's API (\(package).api) twice: in"
                        + " \(copies.map { quoted(baseName($0.path)) }.joined(separator: " and "))",
                    hint: "leave one out: which of them would be used is not the same everywhere"
                )
            }
            if let jar = copies.first, classPath.hidden.contains(where: { $0.path == jar.path }) {
                throw hidden("Heron's API (\(package).api)", in: jar)
            }
            found = found || !copies.isEmpty || classPath.provided.contains { $0.contains(className: submitter) }
        }
        if !found { throw missingAPI() }
    }

    private func hidden(_ what: String, in jar: JarFile) -> SubmissionError {
        SubmissionError(
            "\(what) is in '\(baseName(jar.path))' at the top of topology file '\(file)', where containers do not look",
            hint: JavaClassPath.layout
        )
    }

    private func missingAPI() -> SubmissionError {
        let isStorm: Bool = JarInspection.stormPackages.contains { package in
            jars.contains { $0.contains(package: package) }
        }
        return isStorm
            ? SubmissionError(
                "topology file '\(file)' is built for Apache Storm, not for Heron",
                hint: "build it against Heron's API, or with Heron's heron-storm library in place of Storm's"
            )
            : SubmissionError(
                "topology file '\(file)' has no Heron API: neither org.apache.heron.api nor com.twitter.heron.api",
                hint: "put heron-api.jar, with which the topology was compiled, into the jar"
            )
    }
}
