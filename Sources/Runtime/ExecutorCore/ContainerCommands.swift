import HeronModel

/// One instance of a spout or bolt, as its command line and the stream manager know it.
struct InstanceIdentity: Sendable, Hashable {
    let container: Int32
    let component: String
    let task: Int32
    let index: Int32

    init(container: Int32, _ plan: InstancePlan) {
        self.container = container
        component = plan.componentName
        task = plan.taskID
        index = plan.componentIndex
    }

    /// `container_<container>_<component>_<task>`.
    var id: String { "container_\(container)_\(component)_\(task)" }
}

/// The processes that a packing plan asks for in this container, with the command lines of Heron 0.20.5.
public struct ContainerCommands: Sendable {
    let options: ExecutorOptions
    let facts: ContainerFacts
    private let instanceOptions: [String]
    private let componentOptions: [String: [String]]
    private let java: JavaCommands

    /// Throws ``ExecutorError`` or `YAMLError` if the encoded JVM options cannot be read.
    public init(_ options: ExecutorOptions, _ facts: ContainerFacts) throws {
        self.options = options
        self.facts = facts
        java = JavaCommands(options: options, logDirectory: facts.logDirectory, home: facts.javaHome)
        instanceOptions = try EncodedOptions.list(options.instanceJvmOpts, option: "--instance-jvm-opts")
        componentOptions = try EncodedOptions.byComponent(options.componentJvmOpts, option: "--component-jvm-opts")
    }

    /// The wanted processes, in the order in which they start; none for a plan without containers.
    ///
    /// A container that the plan does not name, because it is new and the plan is not, has its shell alone. Throws
    /// ``ExecutorError`` for a component that cannot name a process.
    public func processes(_ plan: PackingPlan) throws -> [ProcessCommand] {
        guard !plan.containerPlans.isEmpty else { return [] }
        if options.shard == 0 { return containerZero() }
        guard let container = plan.containerPlans.first(where: { $0.id == options.shard }) else {
            return [shell(name: "heron-shell")]
        }
        return try dataContainer(container)
    }

    private func containerZero() -> [ProcessCommand] {
        var commands = [topologyManager()]
        if has(.metricsCache) { commands.append(java.metricsCache()) }
        if has(.healthManager) { commands.append(java.healthManager()) }
        return commands + commonProcesses()
    }

    private func dataContainer(_ container: ContainerPlan) throws -> [ProcessCommand] {
        let instances = container.instancePlans.map { InstanceIdentity(container: container.id, $0) }
        for instance in instances where instance.id.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "/") }) {
            throw ExecutorError("packing plan: '\(instance.component)' cannot be the name of a component")
        }
        let memory = container.instancePlans.map { options.componentRamMap[$0.componentName] ?? $0.resource.ram }
        return [streamManager(instances)] + commonProcesses()
            + zip(instances, memory).enumerated().map { number, entry in
                instanceCommand(entry.0, memory: entry.1, number: number)
            }
    }

    private func commonProcesses() -> [ProcessCommand] {
        var commands: [ProcessCommand] = []
        if has(.metricsManager) { commands.append(java.metricsManager()) }
        if has(.checkpointManager) { commands.append(java.checkpointManager()) }
        return commands + [shell(name: "heron-shell-\(options.shard)")]
    }

    private func has(_ daemon: Daemon) -> Bool {
        daemon.isWanted(options) && facts.daemons.contains(daemon)
    }

    private func topologyManager() -> ProcessCommand {
        ProcessCommand(
            name: "heron-tmanager",
            executable: options.tmanagerBinary,
            arguments: [
                "--topology_name=\(options.topologyName)",
                "--topology_id=\(options.topologyId)",
                "--zkhostportlist=\(options.stateManagerConnection)",
                "--zkroot=\(options.stateManagerRoot)",
                "--myhost=\(facts.host)",
                "--server_port=\(options.serverPort)",
                "--controller_port=\(options.tmanagerControllerPort)",
                "--stats_port=\(options.tmanagerStatsPort)",
                "--config_file=\(options.heronInternalsConfigFile)",
                "--override_config_file=\(options.overrideConfigFile)",
                "--metrics_sinks_yaml=\(options.metricsSinksConfigFile)",
                "--metricsmgr_port=\(options.metricsManagerPort)",
                "--ckptmgr_port=\(options.checkpointManagerPort)",
            ],
            environment: facts.managerEnvironment
        )
    }

    private func streamManager(_ instances: [InstanceIdentity]) -> ProcessCommand {
        let name = "stmgr-\(options.shard)"
        return ProcessCommand(
            name: name,
            executable: options.stmgrBinary,
            arguments: [
                "--topology_name=\(options.topologyName)",
                "--topology_id=\(options.topologyId)",
                "--topologydefn_file=\(options.topologyDefnFile)",
                "--zkhostportlist=\(options.stateManagerConnection)",
                "--zkroot=\(options.stateManagerRoot)",
                "--stmgr_id=\(name)",
                "--instance_ids=\(instances.map(\.id).joined(separator: ","))",
                "--myhost=\(facts.host)",
                "--data_port=\(options.serverPort)",
                // Heron's way: container 0's port for commands is in other containers the one for instances.
                "--local_data_port=\(options.tmanagerControllerPort)",
                "--metricsmgr_port=\(options.metricsManagerPort)",
                "--shell_port=\(options.shellPort)",
                "--config_file=\(options.heronInternalsConfigFile)",
                "--override_config_file=\(options.overrideConfigFile)",
                "--ckptmgr_port=\(options.checkpointManagerPort)",
                "--ckptmgr_id=ckptmgr-\(options.shard)",
                "--metricscachemgr_mode=\(options.metricscacheManagerMode.lowercased())",
            ],
            environment: facts.managerEnvironment
        )
    }

    private func shell(name: String) -> ProcessCommand {
        ProcessCommand(
            name: name,
            executable: options.heronShellBinary,
            arguments: [
                "--port=\(options.shellPort)",
                "--log_file_prefix=\(facts.logDirectory)/heron-shell-\(options.shard).log",
                "--secret=\(options.topologyId)",
            ]
        )
    }

    private func instanceCommand(_ instance: InstanceIdentity, memory: Int64, number: Int) -> ProcessCommand {
        switch options.pkgType {
        case .jar, .tar:
            java.instance(
                instance,
                memory: memory,
                version: facts.javaVersion,
                jvmOptions: instanceOptions + (componentOptions[instance.component] ?? []),
                // The last one first, as in Heron; but the same instances get the same ports after a plan change.
                debuggerPort: options.jvmRemoteDebuggerPorts.reversed().dropFirst(number).first
            )
        case .pex:
            nativeInstance(
                options.pythonInstanceBinary,
                instance,
                ["--topology_pex=\(options.topologyBinaryFile)", "--max_ram=\(memory)"]
            )
        case .so, .dylib:
            nativeInstance(
                options.cppInstanceBinary,
                instance,
                ["--topology_binary=\(facts.workingDirectory)/\(options.topologyBinaryFile)"]
            )
        }
    }

    private func nativeInstance(_ program: String, _ instance: InstanceIdentity, _ own: [String]) -> ProcessCommand {
        ProcessCommand(
            name: instance.id,
            executable: program,
            arguments: [
                "--topology_name=\(options.topologyName)",
                "--topology_id=\(options.topologyId)",
                "--instance_id=\(instance.id)",
                "--component_name=\(instance.component)",
                "--task_id=\(instance.task)",
                "--component_index=\(instance.index)",
                "--stmgr_id=stmgr-\(options.shard)",
                "--stmgr_port=\(options.tmanagerControllerPort)",
                "--metricsmgr_port=\(options.metricsManagerPort)",
                "--config_file=\(options.heronInternalsConfigFile)",
                "--override_config_file=\(options.overrideConfigFile)",
            ] + own
        )
    }
}
