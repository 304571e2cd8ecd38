/// What a submission tells while it goes on, in the order in which it happens.
public enum SubmitProgress: Sendable, Hashable {
    /// The topology's program is run.
    case defining(file: String)
    /// A definition was read and is submitted.
    case launching(topology: String)
    case packed(containers: Int, instances: Int, algorithm: String)
    case uploaded(uri: String)
    case recorded(state: String)
    case launched(launcher: String)
    /// This many of the topology's containers, the manager's among them, are running.
    case containers(running: Int, of: Int)
    /// The topology has formed its physical plan: every instance is there.
    case running(seconds: Double)
    /// Something odd that does not stop the submission.
    case warning(String)
}
