import Files
import Glibc
import Processes

/// The processes that a plugin started during a check, known by a variable in their environment.
struct Leftovers: Sendable {
    /// The variable and its value, `NAME=value`.
    let marker: String

    /// Kills them all, also in a cancelled task; gives up on those that survive for two seconds.
    func end() async {
        let deadline = ContinuousClock.now + .seconds(2)
        while ContinuousClock.now < deadline {
            let found = processes()
            if found.isEmpty { return }
            for process in found { process.signal(SIGKILL) }
            await Task { try? await Task.sleep(for: .milliseconds(5)) }.value
        }
    }

    /// Those that run now, without this process.
    func processes() -> [ProcessIdentity] {
        guard let names = try? folderEntries("/proc") else { return [] }
        return names.compactMap(Int32.init).filter { $0 != getpid() && isMarked($0) }
            .compactMap { try? ProcessIdentity.of($0) }.filter(\.isAlive)
    }

    private func isMarked(_ process: Int32) -> Bool {
        guard let environment = try? readProcFile("/proc/\(process)/environ") else { return false }
        let wanted = Array(marker.utf8)
        return environment.split(separator: 0).contains { $0.elementsEqual(wanted) }
    }
}
