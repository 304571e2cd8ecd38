import Processes

/// Tools that look into one process of the container, one at a time.
actor Diagnostics {
    /// What a tool said, as Heron's tracker passes it on.
    struct Report {
        let command: String
        var output = ""
        var error = ""

        var json: JSON {
            .object([("command", .string(command)), ("stdout", .string(output)), ("stderr", .string(error))])
        }
    }

    /// The tools by the name of their endpoint.
    enum Tool: String {
        case jstack, jmap, histo, pmap

        /// The command line. A heap dump goes into the container's directory, where it can be downloaded.
        func arguments(_ processID: Int32) -> [String] {
            switch self {
            case .jstack: ["jstack", "\(processID)"]
            case .jmap: ["jmap", "-dump:format=b,file=heap-\(processID).bin", "\(processID)"]
            case .histo: ["jmap", "-histo", "\(processID)"]
            case .pmap: ["pmap", "-pXX", "\(processID)"]
            }
        }
    }

    private let processes: ContainerProcesses
    private let environment: [String: String]
    private var isRunning = false

    init(_ processes: ContainerProcesses, environment: [String: String]) {
        self.processes = processes
        self.environment = environment
    }

    /// Runs a tool; what goes wrong is told in the report's error text.
    func run(_ tool: Tool, _ argument: String) async -> Report {
        guard argument.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let processID = Int32(argument), processes.contains(processID)
        else {
            return Report(
                command: "\(tool.rawValue) <pid>",
                error: "not the id of a running process of this container; GET /pid/<instance id> tells it"
            )
        }
        var report = Report(command: tool.arguments(processID).joined(separator: " "))
        guard !isRunning else {
            report.error = "another tool is running in this container; try again when it is done"
            return report
        }
        isRunning = true
        defer { isRunning = false }
        await run(tool.arguments(processID), &report)
        return report
    }

    private func run(_ command: [String], _ report: inout Report) async {
        do {
            let done = try await ChildProcess.runToCompletion(
                executable: command[0],
                arguments: Array(command.dropFirst()),
                environment: environment,
                workingDirectory: processes.directory.root,
                timeLimit: .seconds(60),
                outputLimit: 4 << 20
            )
            report.output = String(decoding: done.output, as: UTF8.self)
            report.error = String(decoding: done.error, as: UTF8.self)
            if done.timedOut { report.error += "\nstopped after 60 seconds" }
        } catch {
            report.error = "\(error)"
        }
    }
}
