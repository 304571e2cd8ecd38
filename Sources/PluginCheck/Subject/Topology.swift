import Files
import Glibc
import PluginABI
import PluginHost

extension CheckRun {
    /// Calls the library's init on the lane; throws ``Inapplicable`` if it cannot work here.
    func initialize(_ table: PluginTable) throws {
        guard let function = table.functions.`init` else { return }
        let gathered = lane.perform {
            recorder.calling("init") {
                manifest.folder.lent { folder in Sink.gather(recorder, "init") { function(folder, $0) } }
            }
        }
        let (status, reasons) = (gathered.result, gathered.texts)
        guard status != HERON_OK else { return }
        if reasons.count != 1 { recorder.note(.initAndDeinit, "init fails and puts \(reasons.count) reasons") }
        throw Inapplicable(reason: "init fails: \(reasons.first ?? "status \(status)")")
    }

    func deinitialize(_ table: PluginTable) {
        lane.perform { recorder.calling("deinit") { table.functions.`deinit`?() } }
    }

    /// Loads and initializes the library for a body that makes instances.
    func withPlugin(_ body: (PluginTable) throws -> Void) throws {
        let table = try PluginTable(manifest, recorder)
        recorder.begin(.initAndDeinit)
        try initialize(table)
        recorder.begin(request.check.rules[0])
        try body(table)
        deinitialize(table)
    }

    func factory(_ kind: PluginKind, _ table: PluginTable) throws -> Factory {
        let factory = try Factory(kind, table, recorder)
        recorder.begin(request.check.rules[0])
        return factory
    }

    /// Makes an instance of a class; throws ``Broken`` if that fails.
    func create(
        _ className: String,
        of factory: Factory,
        _ table: PluginTable,
        _ services: any HostServices,
        on lane: Lane? = nil
    ) throws -> Subject {
        try create(className, of: factory, table, in: WatchedHost(manifest, services, lane ?? self.lane, recorder))
    }

    /// The same with a host that no living instance has.
    func create(
        _ className: String,
        of factory: Factory,
        _ table: PluginTable,
        in host: WatchedHost
    ) throws -> Subject {
        host.enter(.creating)
        var made: UnsafeMutableRawPointer?
        let status = host.lane.perform(for: host) {
            host.beginCall()
            return recorder.calling("\(factory.kind.rawValue) factory's create") {
                className.lent { factory.create(host.pointer, $0, &made) }
            }
        }
        let report = host.takeReport()
        guard status == HERON_OK else {
            let reason = report?.line ?? "status \(status), and no report"
            throw Broken(.creation, "create makes no \(className): \(reason)")
        }
        guard let made else { throw Broken(.creation, "create succeeds without storing an instance of \(className)") }
        host.enter(.living)
        return try Subject(made, factory.kind, table.abi, host)
    }
}

/// A topology of the check's own, with the classes that launch and schedule it.
struct CheckTopology {
    let run: CheckRun
    let table: PluginTable
    let place: CheckPlace
    let schedulerClass: String?
    let launcherClass: String?

    /// Each class of the manifest at least once; throws ``Inapplicable`` if there is none.
    static func all(_ run: CheckRun, _ table: PluginTable) throws -> [CheckTopology] {
        let schedulers = run.manifest.classes[.scheduler, default: []]
        let launchers = run.manifest.classes[.launcher, default: []]
        guard !schedulers.isEmpty || !launchers.isEmpty else { throw Inapplicable(reason: "the plugin has no class") }
        return (0..<max(schedulers.count, launchers.count)).map { index in
            CheckTopology(
                run: run,
                table: table,
                place: run.place(),
                schedulerClass: schedulers.isEmpty ? nil : schedulers[index % schedulers.count],
                launcherClass: launchers.isEmpty ? nil : launchers[index % launchers.count]
            )
        }
    }

    /// The same classes for another topology.
    func another() -> CheckTopology {
        CheckTopology(
            run: run,
            table: table,
            place: run.place(),
            schedulerClass: schedulerClass,
            launcherClass: launcherClass
        )
    }

    /// A launcher; nil if the plugin has none.
    func launcher(failing: Bool = false) throws -> Subject? {
        guard let launcherClass else { return nil }
        let services = LauncherCheckServices(
            place: place,
            facts: place.facts(workingDirectory: "", resumed: false),
            isFailing: failing
        )
        return try run.create(launcherClass, of: try run.factory(.launcher, table), table, services)
    }

    /// Lets the launcher, if there is one, prepare the directory in which schedulers work.
    func launch() throws {
        guard let launcher = try launcher() else { return }
        if launcher.initialize().isSuccess { launcher.send("launch", Messages.packingPlan(place.topology)) }
        launcher.look()
        launcher.close()
        launcher.destroy()
    }

    /// A scheduler; nil if the plugin has none.
    ///
    /// In the directory that the launcher prepared. Before that, there is none, as where a killed topology is killed
    /// again; without any launcher, it is empty.
    func scheduler(resumed: Bool = false, on lane: Lane? = nil) throws -> Subject? {
        guard let schedulerClass else { return nil }
        let directory: String = place.preparedDirectory ?? "\(run.scratch)/work/\(place.topology)"
        if launcherClass == nil { _ = try createFolders(directory) }
        let services = SchedulerCheckServices(
            place: place,
            facts: place.facts(workingDirectory: directory, resumed: resumed)
        )
        return try run.create(schedulerClass, of: try run.factory(.scheduler, table), table, services, on: lane)
    }
}
