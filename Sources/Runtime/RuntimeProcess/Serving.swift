import Logging
import NIOPosix
import Processes

/// Runs a service on an event loop of its own until it ends by itself or a signal comes, which cancels it.
///
/// - Throws: what the service throws before a signal came.
public func serve(
    until signals: AsyncStream<Int32>,
    log: Logger,
    _ service: @escaping @Sendable (MultiThreadedEventLoopGroup) async throws -> Void
) async throws {
    let work = Task {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            try await service(group)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }
    let watch = Task {
        for await signal in signals {
            log.notice("stopping: \(signalName(signal))")
            work.cancel()
        }
    }
    defer { watch.cancel() }
    let result: Result<Void, any Error> = await work.result
    if !work.isCancelled { try result.get() }
}
