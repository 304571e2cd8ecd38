internal import CStateFiles
import Dispatch
import Glibc

/// Learns from the kernel when processes end.
struct ProcessWatcher {
    private var sources: [ProcessOwner: any DispatchSourceRead] = [:]
    /// Those whose end the kernel cannot tell: the caller has to look for itself, from time to time.
    private var unwatched: Set<ProcessOwner> = []

    var hasUnwatched: Bool { !unwatched.isEmpty }

    /// Watches these processes and no others.
    ///
    /// - Parameter onEnd: called on the queue, once, when a process has ended.
    /// - Returns: those that have ended already.
    mutating func watch(
        _ owners: Set<ProcessOwner>,
        on queue: DispatchQueue,
        onEnd: @escaping @Sendable (ProcessOwner) -> Void
    ) -> Set<ProcessOwner> {
        keep(owners)
        let me = getpid()
        var ended: Set<ProcessOwner> = []
        for owner in owners where owner.pid != me && sources[owner] == nil && !unwatched.contains(owner) {
            let descriptor = try? Descriptor(
                takingOwnershipOf: heron_pidfd_open(owner.pid),
                path: "process \(owner.pid)",
                action: "watch"
            )
            // Only now, because the pid may have gone to another process before the descriptor was opened.
            if !owner.isAlive {
                ended.insert(owner)
            } else if let descriptor {
                sources[owner] = Self.source(descriptor, queue) { onEnd(owner) }
            } else {
                unwatched.insert(owner)
            }
        }
        return ended
    }

    /// Gives up all processes but these.
    mutating func keep(_ owners: Set<ProcessOwner>) {
        unwatched.formIntersection(owners)
        for (owner, source) in sources where !owners.contains(owner) {
            source.cancel()
            sources[owner] = nil
        }
    }

    /// To be called after `onEnd`: what still counts as living then is not asked about through the kernel again.
    mutating func hasEnded(_ owner: ProcessOwner) {
        sources.removeValue(forKey: owner)?.cancel()
        unwatched.insert(owner)
    }

    private static func source(
        _ descriptor: Descriptor,
        _ queue: DispatchQueue,
        _ onEnd: @escaping @Sendable () -> Void
    ) -> any DispatchSourceRead {
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor.raw, queue: queue)
        source.setEventHandler(handler: onEnd)
        // Keeps the descriptor open as long as the source may use it.
        source.setCancelHandler { @Sendable in withExtendedLifetime(descriptor) {} }
        source.activate()
        return source
    }
}
