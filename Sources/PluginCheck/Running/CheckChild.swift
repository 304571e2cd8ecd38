import Glibc
import HeronState
import PluginHost

/// The process that makes one check.
public enum CheckChild {
    /// Makes the check that a scratch folder asks for, and ends the process.
    public static func run(_ scratch: String) async -> Never {
        do {
            // As in every process with plugins; before the process's state is looked at.
            CrashGuard.install()
            let request = try CheckRequest.read(from: scratch)
            let run = try await CheckRun(request, scratch: scratch)
            // Not on a thread of the cooperative pool: the check waits for what the plugin does.
            let thread = try PluginThread()
            await withCheckedContinuation { continuation in
                thread.post {
                    run.make()
                    continuation.resume()
                }
            }
        } catch {
            let line = Array("heron plugin check: \(error)\n".utf8)
            _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
            _exit(1)
        }
        // What the plugin has printed; but without its exit handlers, which are not looked at.
        fflush(nil)
        _exit(0)
    }
}

/// One check in the process that makes it.
///
/// Unchecked, because it is made by one thread and then used by another one only.
final class CheckRun: @unchecked Sendable {
    let request: CheckRequest
    let scratch: String
    let manifest: PluginManifest
    let recorder: Recorder
    /// The thread on which instances are called.
    let lane: Lane
    private let state: any StateManager
    private var topologies = 0

    init(_ request: CheckRequest, scratch: String) async throws {
        self.request = request
        self.scratch = scratch
        manifest = try ManifestReader.read(folder: request.folder)
        lane = try Lane()
        state = try await openStateManager(
            StateSettings(connection: "LOCALMODE", rootPath: "\(scratch)/state"),
            log: { _, _ in }
        )
        // Last: from here on the plugin is to blame for the end of the process.
        recorder = try Recorder(scratch: scratch, rule: request.check.rules[0])
    }

    /// Makes the check; what hinders it is written down.
    func make() {
        let before = ProcessState.current()
        do {
            try place().makePackages()
            recorder.begin(request.check.rules[0])
            try body()
        } catch let broken as Broken {
            recorder.note(broken.rule, broken.detail)
            skip("rule \(broken.rule.number) is broken", except: broken.rule)
        } catch let inapplicable as Inapplicable {
            skip(inapplicable.reason, except: nil)
        } catch {
            skip("\(error)", except: nil)
        }
        for difference in before.differences(to: .current()) { recorder.note(.processState, difference) }
        recorder.finish()
    }

    private func skip(_ reason: String, except broken: Rule?) {
        for rule in request.check.rules where rule != broken { recorder.skip(rule, reason) }
    }

    private func body() throws {
        switch request.check {
        case .linking: try checkLinking()
        case .loading: _ = try PluginTable.load(manifest, recorder)
        case .entry: try checkEntry()
        case .factories: try checkFactories()
        case .operations: try checkOperations()
        case .library: try checkInitAndDeinit()
        case .scanThreads: try checkScanThreads()
        case .creation: try checkCreation()
        case .goodSettings: try checkGoodSettings()
        case .badSettings: try checkBadSettings()
        case .growth: try checkGrowth()
        case .life: try checkLife()
        case .badMessages: try checkBadMessages()
        case .order: try checkOrder()
        case .failedLaunch: try checkFailedLaunch()
        case .twoInstances: try checkTwoInstances()
        case .afterDestroy: try checkAfterDestroy()
        case .fuzzing: try checkFuzzing()
        }
    }

    /// A topology that no other part of the check has seen.
    func place() -> CheckPlace {
        topologies += 1
        return CheckPlace(
            topology: "check\(topologies)",
            scratch: scratch,
            state: state,
            properties: request.properties
        )
    }
}
