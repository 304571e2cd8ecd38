import Testing

/// Tests that start servers of their own, or load one heavily: one after another, so that they do not starve each other.
@Suite(.serialized, .enabled(if: ZooKeeperServer.isInstalled && Kazoo.isInstalled, ZooKeeperServer.missing))
struct OwnServerTests {}

@Test("ZooKeeper is installed")
func zooKeeperIsInstalled() {
    #expect(ZooKeeperServer.isInstalled, ZooKeeperServer.missing)
    #expect(Kazoo.isInstalled, "needs kazoo in .venv; 'make setup' installs it")
}
