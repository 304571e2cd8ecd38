import Files
import Glibc
import PluginABI
import PluginHost
import Processes

extension CheckRun {
    /// Lets launches fail because the scheduler cannot be started.
    func checkFailedLaunch() throws {
        guard manifest.classes[.launcher]?.isEmpty == false else { return }
        try withPlugin { table in
            for topology in try CheckTopology.all(self, table) {
                guard let launcher = try topology.launcher(failing: true) else { continue }
                defer { launcher.destroy() }
                guard launcher.initialize().isSuccess else { continue }
                let before = try files()
                let outcome = launcher.send("launch", Messages.packingPlan(topology.place.topology))
                let left = try files().subtracting(before).sorted()
                if outcome.isSuccess {
                    recorder.note(.failedLaunch, "launcher.launch succeeds, but the scheduler was not started")
                } else if let first = left.first {
                    recorder.note(
                        .failedLaunch,
                        "launcher.launch fails and leaves \(left.count) file(s), such as \(first)"
                    )
                }
                launcher.close()
            }
        }
    }

    /// All files and folders that a plugin may have made in the scratch folder.
    private func files() throws -> Set<String> {
        var found: Set<String> = []
        var folders = ["home", "work", "tmp"]
        while let folder = folders.popLast() {
            guard try FileStatus.ifPresent("\(scratch)/\(folder)")?.kind == .folder else { continue }
            for name in try folderEntries("\(scratch)/\(folder)") {
                found.insert("\(folder)/\(name)")
                folders.append("\(folder)/\(name)")
            }
        }
        return found
    }

    /// Uses two instances at once, and ends one before the other.
    func checkTwoInstances() throws {
        try withPlugin { table in
            let second = try Lane()
            for topology in try CheckTopology.all(self, table) {
                let other = topology.another()
                try topology.launch()
                try other.launch()
                guard let one = try topology.scheduler(), let two = try other.scheduler(on: second) else { continue }
                if one.pointer == two.pointer {
                    throw Broken(.twoInstances, "create stores the same instance twice")
                }
                let isReady = [one, two].map { $0.initialize().isSuccess }
                if isReady == [true, true] { compare(one, topology.place, two, other.place) }
                one.destroy()
                two.look()
                if isReady[1] { two.send("on_kill", Messages.kill(other.place.topology)) }
                two.close()
                two.destroy()
            }
        }
    }

    private func compare(_ one: Subject, _ place: CheckPlace, _ two: Subject, _ other: CheckPlace) {
        one.send("on_schedule", Messages.packingPlan(place.topology))
        let isScheduled = two.send("on_schedule", Messages.packingPlan(other.topology)).isSuccess
        one.look()
        two.look()
        let running = other.containers.values.filter { $0.state == .running }.compactMap {
            try? ProcessIdentity.of($0.processID)
        }
        one.send("on_kill", Messages.kill(place.topology))
        if isScheduled, running.contains(where: { !$0.isAlive }) {
            recorder.note(.twoInstances, "on_kill of one topology's scheduler ends another topology's containers")
        }
        one.close()
    }

    /// Destroys instances that have work to do, and waits whether any of it still calls the host.
    func checkAfterDestroy() throws {
        try withPlugin { table in
            for topology in try CheckTopology.all(self, table) {
                try topology.launch()
                for closes in [true, false] {
                    guard let scheduler = try topology.scheduler(resumed: !closes) else { continue }
                    if scheduler.initialize().isSuccess {
                        scheduler.send("on_schedule", Messages.packingPlan(topology.place.topology))
                    }
                    if closes { scheduler.close() }
                    scheduler.destroy()
                }
            }
            usleep(300_000)
        }
    }
}
