import MesosFramework
import PluginSupport

/// The scheduler's answer to `heron.status/1`.
enum StatusJSON {
    /// `{"framework":…,"master":…,"state":…,"reason":…,"resource role":…}`
    static func text(_ thread: FrameworkThread, settings: MesosSettings) -> String {
        let overview = thread.overview
        var members: [(String, String)] = []
        if let id = overview.frameworkID { members.append(("framework", id)) }
        if !overview.master.isEmpty { members.append(("master", overview.master)) }
        members.append(("framework state", state(overview)))
        let reason = overview.reason.isEmpty ? connection(thread, overview) : overview.reason
        if let reason { members.append(("framework reason", reason)) }
        members.append(("resource role", settings.resourceRole))
        return "{" + members.map { "\(jsonString($0)):\(jsonString($1))" }.joined(separator: ",") + "}"
    }

    /// In capitals, as Mesos names states.
    private static func state(_ overview: FrameworkThread.Overview) -> String {
        switch overview.phase {
        case .idle: "IDLE"
        case .connecting: "DISCONNECTED"
        case .subscribed: overview.isBeingKilled ? "KILLING" : "SUBSCRIBED"
        case .refused: "REFUSED"
        case .removed: "REMOVED"
        case .tearingDown: "TEARING_DOWN"
        case .ended: "ENDED"
        }
    }

    private static func connection(_ thread: FrameworkThread, _ overview: FrameworkThread.Overview) -> String? {
        guard overview.phase == .connecting else { return nil }
        let state = thread.driverState
        return state.lastFailure.map { "\(state.description): \($0)" } ?? state.description
    }
}
