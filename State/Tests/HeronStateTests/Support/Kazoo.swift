import FoundationEssentials
import Glibc

/// Reads a server's tree with kazoo, a client that shares no code with ours.
enum Kazoo {
    /// A node as kazoo reads it.
    struct Node: Decodable, Hashable {
        let data: [UInt8]
        /// The session that holds an ephemeral node; 0 for others.
        let ephemeralOwner: Int64
        let version: Int32
        /// As `scheme:id=permissions`, in ZooKeeper's order: `world:anyone=cdrwa`.
        let acl: [String]

        var text: String { String(decoding: data, as: UTF8.self) }
    }

    static let isInstalled =
        access(python, X_OK) == 0
        && !Files.names(repository + "/.venv/lib").filter {
            access("\(repository)/.venv/lib/\($0)/site-packages/kazoo", R_OK) == 0
        }.isEmpty

    /// Every node at and below a path, by paths from the root of the server; empty if there is no such node.
    ///
    /// - Parameter credentials: `user:password`, where not everybody may read.
    static func tree(_ connection: String, below path: String, credentials: String? = nil) async throws -> [String:
        Node]
    {
        let arguments = [connection, path] + (credentials.map { [$0] } ?? [])
        let process = try SpawnedProcess(python, ["-c", script] + arguments)
        let deadline = ContinuousClock.now + .seconds(30)
        var last = ""
        while let line = try await process.line(before: deadline) { last = line }
        do {
            return try JSONDecoder().decode([String: Node].self, from: Data(last.utf8))
        } catch {
            throw TestFailure("kazoo said: \(last)")
        }
    }

    private static let python = repository + "/.venv/bin/python"
    private static let repository = "/" + #filePath.split(separator: "/").dropLast(5).joined(separator: "/")

    private static let script = """
        import json, sys
        from kazoo.client import KazooClient
        from kazoo.exceptions import NoNodeError
        from kazoo.security import Permissions

        NAMES = [(Permissions.CREATE, "c"), (Permissions.DELETE, "d"), (Permissions.READ, "r"),
                 (Permissions.WRITE, "w"), (Permissions.ADMIN, "a")]

        def dump(path):
            try:
                data, stat = client.get(path)
                acls, _ = client.get_acls(path)
                children = client.get_children(path)
            except NoNodeError:
                return
            nodes[path] = {
                "data": list(data), "ephemeralOwner": stat.ephemeralOwner, "version": stat.version,
                "acl": [f"{acl.id.scheme}:{acl.id.id}=" + "".join(name for bit, name in NAMES if acl.perms & bit)
                        for acl in acls],
            }
            for child in children:
                dump(path.rstrip("/") + "/" + child)

        auth = [("digest", sys.argv[3])] if len(sys.argv) > 3 else None
        client = KazooClient(hosts=sys.argv[1], timeout=10, auth_data=auth)
        client.start(timeout=15)
        nodes = {}
        dump(sys.argv[2])
        client.stop()
        print(json.dumps(nodes))
        """
}
