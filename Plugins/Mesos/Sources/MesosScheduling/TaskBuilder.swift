import MesosFramework
import MesosProtocol
import PluginABI
import PluginKit

/// Puts launches into Mesos's words.
struct TaskBuilder {
    let host: Host
    let sources: PackageSources
    let killGrace: Moment
    let user: String

    /// The variable that tells an executor which attempt of its container it is; it gives way to later ones.
    static let generationVariable = "HERON_CONTAINER_GENERATION"

    /// The ACCEPT of a launch. Throws ``PluginFailure``.
    func accept(_ order: LaunchOrder) throws -> MesosCall {
        var operation = MesosOffer.Operation()
        operation.type = .launch
        operation.launch.taskInfos = try order.tasks.map { try task($0, order) }
        var call = MesosCall()
        call.type = .accept
        call.frameworkID = order.framework
        call.accept.offerIds = order.offers
        call.accept.operations = [operation]
        call.accept.filters.refuseSeconds = order.refuseSeconds
        return call
    }

    private func task(_ task: LaunchOrder.Task, _ order: LaunchOrder) throws -> MesosTaskInfo {
        let topology = try host.require(HERON_FACT_TOPOLOGY_NAME)
        var info = MesosTaskInfo()
        info.name = "\(topology)_container_\(task.container)"
        info.taskID.value = task.id
        info.agentID = order.agent
        info.resources = task.resources
        info.command = try command(task)
        info.killPolicy.gracePeriod.nanoseconds = killGrace * 1_000_000
        info.labels = TaskBuilder.labels([
            ("topology", topology), ("topology.id", try host.require(HERON_FACT_TOPOLOGY_ID)),
            ("container", String(task.container)), ("attempt", String(task.attempt)),
        ])
        info.discovery = discovery(task, topology)
        return info
    }

    private func command(_ task: LaunchOrder.Task) throws -> MesosCommandInfo {
        let executor = try host.executorCommand(container: task.container, ports: task.ports)
        guard let program = executor.first else { throw PluginFailure(.failed, "the executor's command is empty") }
        var command = MesosCommandInfo()
        command.user = user
        command.shell = false
        command.value = program
        command.arguments = executor
        command.uris = sources.packages
        if let credentials = try sources.credentials() {
            // Agents fetch files with ordinary modes. No word of the user's is part of what the shell reads.
            command.uris.append(credentials)
            command.value = "/bin/sh"
            let script = "chmod 600 \(HERON_CREDENTIALS_FILE) && exec \"$0\" \"$@\""
            command.arguments = ["sh", "-c", script] + executor
        }
        command.environment.variables = [
            MesosEnvironment.Variable.with { variable in
                variable.name = TaskBuilder.generationVariable
                variable.type = .value
                variable.value = String(task.attempt)
            }
        ]
        return command
    }

    private func discovery(_ task: LaunchOrder.Task, _ topology: String) -> MesosDiscoveryInfo {
        var discovery = MesosDiscoveryInfo()
        discovery.visibility = .framework
        discovery.name = "\(topology)-\(task.container)"
        discovery.ports.ports = zip(TaskBuilder.portNames, task.ports).map { name, number in
            MesosPort.with { port in
                port.number = UInt32(number)
                port.name = name
                port.protocol = "tcp"
            }
        }
        return discovery
    }

    /// Heron's names of a container's ports, in order.
    static let portNames = [
        "server", "tmanager-ctl", "tmanager-stats", "shell-port", "metrics-mgr", "scheduler", "metrics-cache-m",
        "metrics-cache-s", "ckptmgr",
    ]

    static func labels(_ pairs: [(key: String, value: String)]) -> MesosLabels {
        var labels = MesosLabels()
        labels.labels = pairs.map { pair in
            MesosLabel.with { label in
                label.key = pair.key
                label.value = pair.value
            }
        }
        return labels
    }
}
