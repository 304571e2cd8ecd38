import HeronModel
import HeronState
import Logging
import NIOCore

/// heron-stmgr: one stream manager that follows its topology manager through the state.
public struct StreamManagerService: Sendable {
    /// How long to wait before the state is asked again after a failure.
    private static let stateRetryInterval = Duration.seconds(5)

    private let options: StreamManagerOptions
    private let definition: Topology
    private let state: any StateManager
    private let logger: Logger

    /// - Parameters:
    ///   - definition: the topology as the container's definition file has it.
    ///   - state: where the topology manager's location is; not closed here.
    public init(options: StreamManagerOptions, definition: Topology, state: any StateManager, logger: Logger) {
        self.options = options
        self.definition = definition
        self.state = state
        self.logger = logger
    }

    /// Runs on one event loop of the group until the task is cancelled, and closes all connections then.
    ///
    /// Throws one clear line if the stream manager cannot start; afterwards nothing ends it but the cancellation.
    public func run(on group: any EventLoopGroup) async throws {
        let path = try StatePath(.tmanagers, options.topologyName)
        let loop = group.next()
        let manager = try await loop.submit {
            let manager = try StreamManager(options: options, definition: definition, eventLoop: loop, logger: logger)
            return NIOLoopBound(manager, eventLoop: loop)
        }.get()
        do {
            _ = try await loop.flatSubmit { manager.value.start() }.get()
            await follow(path) { location in
                loop.execute { manager.value.topologyManagerMoved(to: location) }
            }
        } catch {
            try await loop.flatSubmit { manager.value.stop() }.get()
            throw error
        }
        try await loop.flatSubmit { manager.value.stop() }.get()
    }

    /// Reports the topology manager's location and its changes until the task is cancelled.
    private func follow(_ path: StatePath, _ report: @escaping @Sendable (TManagerLocation?) -> Void) async {
        // An outage is worth one line, however long it takes.
        var isTold = false
        while !Task.isCancelled {
            do {
                for try await node in state.watch(path) {
                    let location = try node.map { try TManagerLocation(serializedBytes: $0.data) }
                    if isTold { logger.notice("the topology manager's location can be read again") }
                    isTold = false
                    report(location)
                }
            } catch {
                if !isTold { logger.warning("cannot follow \(path) in \(state.location): \(error); trying on") }
                isTold = true
            }
            try? await Task.sleep(for: StreamManagerService.stateRetryInterval)
        }
    }
}
