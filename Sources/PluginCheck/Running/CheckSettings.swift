/// How a plugin is to be checked.
public struct CheckSettings: Sendable {
    /// Configuration for the plugin's instances, beside the defaults that its manifest declares.
    public var properties: [String: String] = [:]
    /// The rules to look at; all if empty.
    public var rules: Set<Rule> = []
    /// Where random numbers begin.
    public var seed: UInt64 = 1
    /// The seeds of the sequences of calls to repeat, instead of fuzzing for a while.
    public var reproduced: ClosedRange<UInt64>?
    /// For how long random sequences of calls are made.
    public var fuzzTime = Duration.seconds(2)
    /// How long one check may take before it counts as hanging.
    public var timeLimit = Duration.seconds(30)
    /// A library to preload into the processes that run the plugin, such as AddressSanitizer's runtime.
    public var preload: String?
    /// Where scratch folders are made.
    public var temporaryFolder = "/tmp"
    /// The executable that runs one check: `<executable> <arguments> <scratch folder>` has to call
    /// ``CheckChild/run(_:)`` with the folder.
    public var command: (executable: String, arguments: [String])

    public init(executable: String, arguments: [String]) {
        command = (executable, arguments)
    }
}
