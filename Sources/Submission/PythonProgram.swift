extension TopologyProgram {
    /// Of a `.pex` or `.py` file: `className` is the class whose `write()` defines the topology, or `-` to run the file.
    ///
    /// `runner` starts it: the interpreter, then the program that loads the file under its own name.
    static func python(
        _ file: TopologyFile,
        className: String,
        arguments: [String],
        runner: [String]
    ) -> TopologyProgram {
        TopologyProgram(
            file: file,
            subject: "class '\(className)' of file '\(file.givenPath)'",
            command: runner + [file.path, className] + arguments,
            remedy: "install python3 (3.8 or newer)"
        )
    }
}
