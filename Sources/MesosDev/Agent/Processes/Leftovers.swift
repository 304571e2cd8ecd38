import Files
import Glibc
import Logging
import Processes

/// What an agent that was killed itself has left running.
///
/// Each agent's folder holds a file with the identity of the process that runs it. The next agent of the same work
/// directory ends the tasks of those whose process is gone, and leaves alone those of a process that lives.
struct Leftovers: Sendable {
    let settings: AgentSettings

    /// Says that this process runs an agent, before the agent's first task is started. Throws `FileError`.
    func claim(agent id: String) throws {
        let folder = settings.folder(ofAgent: id)
        _ = try createFolders(folder)
        let temporary = "\(folder)/\(temporaryName(for: "owner"))"
        let file = try File(creating: temporary, permissions: 0o600)
        try Array((ProcessIdentity.current.map { "\($0)\n" } ?? "").utf8).withUnsafeBytes { try file.write($0) }
        try file.close()
        try renameFile(temporary, to: owner(of: id))
    }

    /// Says that nothing of an agent runs any more.
    func release(agent id: String) {
        // If it stays, the next agent looks for processes once, and finds none.
        try? removeFile(owner(of: id))
    }

    /// Ends the tasks of agents whose process is gone.
    func end(_ log: Logger) async {
        let agents = (try? folderEntries("\(settings.workDirectory)/slaves")) ?? []
        for agent in agents {
            guard let owner = readOwner(of: agent), !owner.isAlive else { continue }
            let processes = TaskProcesses(below: settings.folder(ofAgent: agent) + "/", leader: nil)
            let count = processes.members().count
            if count > 0 { log.notice("ending \(count) processes that agent \(agent) has left behind") }
            if await processes.kill() {
                release(agent: agent)
            } else {
                log.warning("some processes of agent \(agent) cannot be ended")
            }
        }
    }

    private func owner(of agent: String) -> String { "\(settings.folder(ofAgent: agent))/owner" }

    /// nil if there is no such file.
    private func readOwner(of agent: String) -> ProcessIdentity? {
        guard let file = try? File(reading: owner(of: agent)), let bytes = try? file.bytes(at: 0, count: 1024) else {
            return nil
        }
        return ProcessIdentity(String(decoding: bytes, as: UTF8.self))
    }
}
