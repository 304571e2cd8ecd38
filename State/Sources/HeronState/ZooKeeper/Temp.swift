import ZooKeeperClient

extension StateSettings {
    var isTunnelWanted: Bool { false }
    func zooKeeperOptions() throws -> ZooKeeperOptions {
        try ZooKeeperOptions(connection: ZooKeeperConnection(parsing: connection))
    }
}
