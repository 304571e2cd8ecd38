extension TopologyProgram {
    /// Of a `.jar`, or of a `.tar` or `.tar.gz` of jars: the `main` of a class, in a JVM as Heron's command line starts it.
    ///
    /// - Parameters:
    ///   - options: also a system property, where the API of Heron up to 0.14 looks for them.
    ///   - properties: system properties, as `name=value`.
    ///   - classPath: which is looked into first.
    ///   - scratch: where Java keeps temporary files.
    /// - Throws: ``SubmissionError`` if it can be told without a JVM that it will not run.
    static func java(
        _ file: TopologyFile,
        className: String,
        arguments: [String],
        options: HeronOptions,
        properties: [String],
        classPath: JavaClassPath,
        runtime: JavaRuntime,
        scratch: String
    ) throws -> TopologyProgram {
        let inspection = JarInspection(file: file.givenPath, classPath: classPath)
        try inspection.check(className: className)
        try inspection.check(className: className, runsWith: runtime)
        return TopologyProgram(
            file: file,
            subject: "class '\(className)' of file '\(file.givenPath)'",
            command: [
                runtime.executable, "-client", "-Xmx1g", "-Djava.io.tmpdir=\(scratch)",
                "-Dheron.options=\(options.encoded)",
            ]
                + properties.map { "-D\($0)" } + ["-cp", classPath.text, className] + arguments,
            remedy: JavaRuntime.remedy,
            advice: advice
        )
    }

    /// What the JVM's usual complaints mean to whoever submits.
    private static func advice(_ output: String) -> String? {
        let memory = "the program may take a heap of 1 GB: free that much memory on this machine"
        let complaints: [(text: String, advice: String)] = [
            (
                "UnsupportedClassVersionError",
                "a class was compiled for a newer Java than the one that runs here: set JAVA_HOME to a newer one, or"
                    + " compile with javac --release"
            ),
            ("Error: Main method ", "the class needs a 'public static void main(String[] args)'"),
            ("OutOfMemoryError", "the program has a heap of 1 GB: build smaller objects, or in the spouts and bolts"),
            ("Could not reserve enough space", memory),
            ("insufficient memory for the Java Runtime Environment", memory),
            ("java.lang.NoClassDefFoundError", "put what is missing into the jar"),
        ]
        return complaints.first { output.contains($0.text) }?.advice
    }
}
