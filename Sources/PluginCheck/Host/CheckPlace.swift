import Files
import Glibc
import HeronState
import PluginABI
import PluginHost
import Synchronization

/// A topology that a plugin is made to believe in: its configuration, its facts, and what the plugin did with it.
/// Nothing of a real cluster: all of it lies in a check's scratch folder.
final class CheckPlace: Sendable {
    private struct Record {
        var prepared: String?
        var containers: [Int32: ContainerStatus] = [:]
    }

    let topology: String
    let scratch: String
    let state: any StateManager
    private let properties: [String: String]
    private let record = Mutex(Record())

    init(topology: String, scratch: String, state: any StateManager, properties: [String: String]) {
        self.topology = topology
        self.scratch = scratch
        self.state = state
        self.properties = properties
    }

    /// The directory that a launcher prepared, once it asked for the scheduler to be started there.
    var preparedDirectory: String? { record.withLock { $0.prepared } }

    /// What the scheduler said about its containers last.
    var containers: [Int32: ContainerStatus] { record.withLock { $0.containers } }

    func prepare(_ directory: String) {
        record.withLock { $0.prepared = directory }
    }

    func note(_ status: ContainerStatus) {
        record.withLock { $0.containers[status.container] = status }
    }

    /// The same topology with other settings.
    func setting(_ key: String, _ value: String) -> CheckPlace {
        CheckPlace(
            topology: topology,
            scratch: scratch,
            state: state,
            properties: properties.merging([key: value]) { _, last in last }
        )
    }

    func facts(workingDirectory: String, resumed: Bool) -> RuntimeFacts {
        RuntimeFacts(
            topologyName: topology,
            topologyID: "\(topology)-1",
            cluster: "check",
            role: "checker",
            environ: "default",
            submitUser: "checker",
            topologyPackageURI: "file://\(scratch)/topology.tar.gz",
            topologyFile: "topology.tar",
            definitionFile: "\(topology).defn",
            corePackageURI: "file://\(scratch)/heron-core.tar.gz",
            workingDirectory: workingDirectory,
            heronHome: "\(scratch)/home",
            resumed: resumed
        )
    }

    var settings: [(key: String, value: String)] {
        properties.sorted { $0.key < $1.key }.map { ($0.key, expand($0.value)) }
    }

    func setting(_ key: String) -> String? { properties[key].map(expand) }

    /// Replaces the tokens of Heron's configuration that make sense here.
    func expand(_ text: String) -> String {
        let tokens: [(String, String)] = [
            ("HOME", "\(scratch)/home"), ("CLUSTER", "check"), ("ROLE", "checker"), ("ENVIRON", "default"),
            ("TOPOLOGY", topology), ("USER", "checker"), ("HERON_HOME", "\(scratch)/home"),
        ]
        return tokens.reduce(text) { text, token in
            text.split(separator: "${\(token.0)}", omittingEmptySubsequences: false).joined(separator: token.1)
        }
    }

    /// The command line of a container's executor, as long as a real one: it sleeps.
    func executorCommand(_ container: Int32, _ ports: ContainerPorts) -> [String] {
        let names = [
            "server-port", "tmanager-controller-port", "tmanager-stats-port", "shell-port", "metrics-manager-port",
            "scheduler-port", "metricscache-manager-server-port", "metricscache-manager-stats-port",
            "checkpoint-manager-port",
        ]
        return [
            "/usr/bin/env", "\(CheckProcess.marker)=\(scratch)", "/bin/sh", "-c", "exec sleep 600", "heron-executor",
            "--topology-name=\(topology)", "--topology-id=\(topology)-1", "--topology-defn-file=\(topology).defn",
            "--shard=\(container)",
        ] + zip(names, ports.values).map { "--\($0)=\($1)" }
    }

    /// Puts what a package would have into a directory.
    func unpack(_ uri: String, into directory: String) throws {
        guard try FileStatus.ifPresent(directory)?.kind == .folder else {
            throw CheckError("cannot unpack \(uri): there is no directory \(directory)")
        }
        if uri.hasSuffix("/heron-core.tar.gz") {
            _ = try createFolders("\(directory)/heron-core/bin")
            try write("\(directory)/heron-core/release.yaml", "heron.build.version: check\n")
        } else {
            try write("\(directory)/topology.tar", "")
            try write("\(directory)/\(topology).defn", "")
            try write("\(directory)/topology.tar.gz", "")
        }
    }

    /// The packages that the facts name.
    func makePackages() throws {
        for name in ["topology.tar.gz", "heron-core.tar.gz"] { try write("\(scratch)/\(name)", "not a real package") }
    }

    private func write(_ path: String, _ text: String) throws {
        guard access(path, F_OK) != 0 else { return }
        let file = try File(creating: path, permissions: 0o600)
        try Array(text.utf8).withUnsafeBytes { try file.write($0) }
        try file.close()
    }
}
