import PluginABI
import PluginHost

extension CheckRun {
    /// Makes an instance of every class, and asks for one of a class that is not there.
    func checkCreation() throws {
        try withPlugin { table in
            for topology in try CheckTopology.all(self, table) {
                recorder.begin(.creation)
                try topology.launcher()?.destroy()
                try topology.scheduler()?.destroy()
            }
            recorder.begin(.unknownClass)
            for kind in PluginKind.allCases where !manifest.classes[kind, default: []].isEmpty {
                for name in ["com.example.NoSuchClass", "", String(repeating: "x", count: 5000)] {
                    try askForUnknown(name, kind, table)
                }
            }
        }
    }

    private func askForUnknown(_ name: String, _ kind: PluginKind, _ table: PluginTable) throws {
        let factory = try Factory(kind, table, recorder)
        recorder.begin(.unknownClass)
        let place = place()
        let facts = place.facts(workingDirectory: "", resumed: false)
        let host = try WatchedHost(
            manifest,
            SchedulerCheckServices(place: place, facts: facts),
            lane,
            recorder
        )
        var made: UnsafeMutableRawPointer?
        let status = lane.perform(for: host) {
            recorder.calling("\(kind.rawValue) factory's create") {
                name.lent { factory.create(host.pointer, $0, &made) }
            }
        }
        if status == HERON_OK {
            recorder.note(.unknownClass, "create makes a \(kind.rawValue) of the class '\(name.prefix(40))'")
        } else if made != nil {
            recorder.note(.unknownClass, "create fails, but stores a \(kind.rawValue)")
        }
        if let made, status == HERON_OK { try Subject(made, kind, table.abi, host).destroy() }
    }

    /// Lets instances read the settings that the user gave and the defaults of the manifest.
    func checkGoodSettings() throws {
        try withPlugin { table in
            for topology in try CheckTopology.all(self, table) {
                if let launcher = try topology.launcher() { try initialize(launcher) }
                // A scheduler's settings include the directory that its launcher prepared.
                recorder.begin(.goodMessages)
                try topology.launch()
                recorder.begin(.goodSettings)
                if let scheduler = try topology.scheduler() { try initialize(scheduler) }
            }
        }
    }

    private func initialize(_ subject: Subject) throws {
        let outcome = subject.initialize()
        subject.look()
        subject.close()
        subject.destroy()
        guard outcome.isSuccess else {
            throw Inapplicable(
                reason: "\(subject.kind.rawValue).initialize: \(outcome.reason);"
                    + " give it what it needs with --config-property"
            )
        }
    }

    /// Lets instances read settings that are of the declared type, and nothing that they could use.
    func checkBadSettings() throws {
        try withPlugin { table in
            for topology in try CheckTopology.all(self, table) {
                for key in manifest.configKeys {
                    for value in key.type.strangeValues {
                        try initialize(topology.setting(key.key, value))
                    }
                }
            }
        }
    }

    private func initialize(_ topology: CheckTopology) throws {
        for subject in [try topology.launcher(), try topology.scheduler()].compactMap(\.self) {
            subject.initialize()
            subject.close()
            subject.destroy()
        }
    }
}

extension CheckTopology {
    fileprivate func setting(_ key: String, _ value: String) -> CheckTopology {
        CheckTopology(
            run: run,
            table: table,
            place: place.setting(key, value),
            schedulerClass: schedulerClass,
            launcherClass: launcherClass
        )
    }
}

extension PluginConfigKey.ValueType {
    /// Values of the type that hardly anybody thinks of.
    fileprivate var strangeValues: [String] {
        switch self {
        case .string: ["", " ", "a\nb", "%s%n", "../../..", "\u{202E}\u{FFFD}", String(repeating: "x", count: 70_000)]
        case .integer: ["0", "-1", "9223372036854775807", "-9223372036854775808"]
        case .number: ["0", "-1", "1e308", "-1e-308"]
        case .boolean: ["true", "false"]
        }
    }
}
