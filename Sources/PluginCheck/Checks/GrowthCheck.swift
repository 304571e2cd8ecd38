import Files
import Glibc
import PluginABI
import PluginHost
import Processes

extension CheckRun {
    /// Makes and destroys instances again and again, and measures what is left.
    func checkGrowth() throws {
        try withPlugin { table in
            for topology in try CheckTopology.all(self, table) {
                try topology.launch()
                for kind in PluginKind.allCases {
                    guard let subject = try kind == .launcher ? topology.launcher() : topology.scheduler(),
                        let name = kind == .launcher ? topology.launcherClass : topology.schedulerClass
                    else { continue }
                    subject.destroy()
                    let factory = try factory(kind, table)
                    let make = { try self.create(name, of: factory, table, in: subject.host) }
                    guard try measure(1000, "create and destroy", { try make().destroy() }) else { continue }
                    _ = try measure(100, "create, initialize, close and destroy") {
                        let subject = try make()
                        subject.initialize()
                        subject.close()
                        subject.destroy()
                    }
                }
            }
        }
    }

    /// Does something many times; false if a rule was found broken.
    private func measure(_ times: Int, _ what: String, _ body: () throws -> Void) throws -> Bool {
        let parts = 20
        let end = ContinuousClock.now + .seconds(5)
        let before = Usage.current()
        var heaps: [Int] = []
        for part in 1...parts {
            for _ in 0..<times / parts { try body() }
            let done = times * part / parts
            let leak = max(10, done / 2)
            let usage = Usage.current(settlingAt: before.threads + leak)
            if usage.descriptors >= before.descriptors + leak {
                recorder.note(
                    .descriptors,
                    "\(usage.descriptors - before.descriptors) more descriptors are open after \(done) times \(what)"
                )
                return false
            }
            if usage.threads >= before.threads + leak {
                recorder.note(
                    .threads,
                    "\(usage.threads - before.threads) more threads run after \(done) times \(what)"
                )
                return false
            }
            if part % 8 == 4 { heaps.append(heapInUse()) }
            guard ContinuousClock.now < end else { return true }
        }
        return judge(heaps, times * 8 / parts, what)
    }

    /// What is allocated once is no leak, nor what is freed later: it has to grow, and to go on growing.
    private func judge(_ heaps: [Int], _ rounds: Int, _ what: String) -> Bool {
        guard heaps.count == 3 else { return true }
        let growth = [heaps[1] - heaps[0], heaps[2] - heaps[1]]
        guard growth.allSatisfy({ $0 >= 8 * rounds }) else { return true }
        let bytes = (heaps[2] - heaps[0]) / (2 * rounds)
        recorder.note(.memory, "\(bytes) bytes stay allocated each time after \(what)")
        return false
    }
}

/// What this process has of the kernel.
private struct Usage {
    let descriptors: Int
    let threads: Int

    /// - Parameter limit: with as many threads or more, it waits a little: threads that have been told to end may do so.
    static func current(settlingAt limit: Int = .max) -> Usage {
        var usage = Usage(descriptors: count("/proc/self/fd"), threads: count("/proc/self/task"))
        for _ in 0..<50 where usage.threads >= limit {
            usleep(10_000)
            usage = Usage(descriptors: usage.descriptors, threads: count("/proc/self/task"))
        }
        return usage
    }

    private static func count(_ folder: String) -> Int { (try? folderEntries(folder).count) ?? 0 }
}
