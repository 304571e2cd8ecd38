import PluginABI
import PluginHost

/// An instance under test. Each function is called on the instance's lane, and what comes of it is judged.
final class Subject {
    /// What a call brought.
    struct Outcome {
        let status: heron_status
        /// What the plugin, or a host function that it called, reported.
        let report: HostFailure?

        var isSuccess: Bool { status == HERON_OK }
        /// Why it failed, for people.
        var reason: String { report?.line ?? "status \(status)" }
    }

    /// The functions of either kind of instance.
    enum Functions {
        case scheduler(UnsafeMutablePointer<heron_scheduler>, heron_scheduler)
        case launcher(UnsafeMutablePointer<heron_launcher>, heron_launcher)
    }

    let host: WatchedHost
    let functions: Functions
    private let newestStatus: heron_status

    /// Takes an instance that `create` made; throws ``Broken`` if its table cannot be right.
    init(_ pointer: UnsafeMutableRawPointer, _ kind: PluginKind, _ abi: ABIVersion, _ host: WatchedHost) throws {
        self.host = host
        // A newer plugin may have newer codes.
        newestStatus = abi.minor > ABIVersion.host.minor ? .max : HERON_WRONG_THREAD
        switch kind {
        case .scheduler:
            let scheduler = pointer.assumingMemoryBound(to: heron_scheduler.self)
            let table = ABITable.copy(UnsafePointer(scheduler))
            functions = .scheduler(scheduler, table)
            try TableSize(abi).check(
                table.size,
                heron_scheduler.self,
                least: \.on_restart,
                .instanceTables,
                "heron_scheduler"
            )
            let missing = [
                ("destroy", table.destroy == nil), ("initialize", table.initialize == nil),
                ("on_schedule", table.on_schedule == nil), ("on_kill", table.on_kill == nil),
                ("on_restart", table.on_restart == nil),
            ]
            try Subject.check(missing, "heron_scheduler")
        case .launcher:
            let launcher = pointer.assumingMemoryBound(to: heron_launcher.self)
            let table = ABITable.copy(UnsafePointer(launcher))
            functions = .launcher(launcher, table)
            try TableSize(abi).check(
                table.size,
                heron_launcher.self,
                least: \.launch,
                .instanceTables,
                "heron_launcher"
            )
            let missing = [
                ("destroy", table.destroy == nil), ("initialize", table.initialize == nil),
                ("launch", table.launch == nil),
            ]
            try Subject.check(missing, "heron_launcher")
        }
    }

    private static func check(_ missing: [(name: String, isMissing: Bool)], _ table: String) throws {
        let names = missing.filter(\.isMissing).map(\.name)
        guard names.isEmpty else { throw Broken(.instanceTables, "\(table) lacks \(names.joined(separator: ", "))") }
    }

    var kind: PluginKind {
        switch functions {
        case .scheduler: .scheduler
        case .launcher: .launcher
        }
    }

    /// Where the plugin keeps it.
    var pointer: UnsafeRawPointer {
        switch functions {
        case .scheduler(let scheduler, _): UnsafeRawPointer(scheduler)
        case .launcher(let launcher, _): UnsafeRawPointer(launcher)
        }
    }

    private var recorder: Recorder { host.recorder }

    /// Calls a function on the lane and judges what it returns.
    func call(_ function: String, _ body: () -> heron_status) -> Outcome {
        let name = "\(kind.rawValue).\(function)"
        return host.lane.perform(for: host) {
            host.beginCall()
            return recorder.calling(name) {
                let outcome = Outcome(status: body(), report: host.takeReport())
                judge(outcome)
                return outcome
            }
        }
    }

    private func judge(_ outcome: Outcome) {
        guard (HERON_OK...newestStatus).contains(outcome.status) else {
            return recorder.note(.statusCodes, "it returns the status \(outcome.status)")
        }
        if !outcome.isSuccess && outcome.report == nil {
            recorder.note(.reports, "it returns the status \(outcome.status) without a report")
        }
    }

    @discardableResult
    func initialize() -> Outcome {
        call("initialize") {
            switch functions {
            case .scheduler(let scheduler, let table): table.initialize?(scheduler) ?? HERON_UNSUPPORTED
            case .launcher(let launcher, let table): table.initialize?(launcher) ?? HERON_UNSUPPORTED
            }
        }
    }

    /// Does nothing for an instance that does not offer it.
    func close() {
        switch functions {
        case .scheduler(let scheduler, let table):
            if let close = table.close { _ = call("close") { close(scheduler) } }
        case .launcher(let launcher, let table):
            if let close = table.close { _ = call("close") { close(launcher) } }
        }
    }

    /// The last call.
    func destroy() {
        host.lane.perform(for: host) {
            recorder.calling("\(kind.rawValue).destroy") {
                switch functions {
                case .scheduler(let scheduler, let table): table.destroy?(scheduler)
                case .launcher(let launcher, let table): table.destroy?(launcher)
                }
            }
        }
        host.enter(.destroyed)
    }
}
