/// Opens the state that the settings name.
///
/// - Parameter log: takes what the library has to tell beyond the errors that it throws; called from any thread.
/// - Returns: a manager whose ephemeral nodes live until ``StateManager/close()`` or the end of this process.
/// - Throws: ``StateError``: `badConfiguration` for unusable settings, `io` or `notAuthorized` for a root that cannot be
///   read or created, `timeout` if another process holds the state for too long, `connectionLost` if no ZooKeeper server
///   gives a session within the connection timeout.
public func openStateManager(
    _ settings: StateSettings,
    log: @escaping @Sendable (StateLogLevel, String) -> Void
) async throws -> any StateManager {
    try settings.checkRootPath()
    switch try settings.backEnd() {
    case .localFiles:
        return try await LocalFileStateManager.open(settings, log: log)
    case .zooKeeper:
        return try await ZooKeeperStateManager.open(settings, settings.zooKeeperOptions(), log: log)
    }
}
