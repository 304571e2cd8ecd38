internal import CZooKeeper
import Glibc

/// The calls on single nodes; a failed one is completed with ZooKeeper's own error about the node.
extension ZooKeeperHandle {
    func get(_ path: String, watch: Bool, _ completion: @escaping Completion<ZooKeeperNode>) {
        start(path, completion) { handle, context in
            zoo_aget(
                handle,
                path,
                watch ? 1 : 0,
                { code, bytes, count, stat, context in
                    CallContext<ZooKeeperNode>.finish(context, code) {
                        let data = UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : Int(max(count, 0)))
                        return ZooKeeperNode(data: [UInt8](data), stat: ZooKeeperStat(stat?.pointee ?? Stat()))
                    }
                },
                context
            )
        }
    }

    func exists(_ path: String, watch: Bool, _ completion: @escaping Completion<ZooKeeperStat>) {
        start(path, completion) { handle, context in
            zoo_aexists(handle, path, watch ? 1 : 0, finishStat, context)
        }
    }

    func children(_ path: String, watch: Bool, _ completion: @escaping Completion<[String]>) {
        start(path, completion) { handle, context in
            zoo_aget_children(
                handle,
                path,
                watch ? 1 : 0,
                { code, names, context in
                    CallContext<[String]>.finish(context, code) {
                        UnsafeBufferPointer(start: names?.pointee.data, count: Int(names?.pointee.count ?? 0))
                            .compactMap { $0.map { String(cString: $0) } }
                    }
                },
                context
            )
        }
    }

    /// Whether the node's ACL lets everybody do more than read.
    func canBeChangedByAll(_ path: String, _ completion: @escaping Completion<Bool>) {
        start(path, completion) { handle, context in
            zoo_aget_acl(
                handle,
                path,
                { code, list, _, context in
                    CallContext<Bool>.finish(context, code) {
                        UnsafeBufferPointer(start: list?.pointee.data, count: Int(list?.pointee.count ?? 0))
                            .contains {
                                $0.perms & ~ZOO_PERM_READ != 0 && $0.id.scheme.map { strcmp($0, "world") } == 0
                            }
                    }
                },
                context
            )
        }
    }

    func create(_ path: String, _ data: [UInt8], isEphemeral: Bool, _ completion: @escaping Completion<Void>) {
        start(path, completion) { handle, context in
            data.withUnsafeBytes { bytes in
                zoo_acreate(
                    handle,
                    path,
                    bytes.bindMemory(to: CChar.self).baseAddress,
                    Int32(bytes.count),
                    accessControl,
                    isEphemeral ? ZOO_EPHEMERAL : ZOO_PERSISTENT,
                    { code, _, context in CallContext<Void>.finish(context, code) {} },
                    context
                )
            }
        }
    }

    func set(_ path: String, _ data: [UInt8], version: Int32?, _ completion: @escaping Completion<ZooKeeperStat>) {
        start(path, completion) { handle, context in
            data.withUnsafeBytes { bytes in
                zoo_aset(
                    handle,
                    path,
                    bytes.bindMemory(to: CChar.self).baseAddress,
                    Int32(bytes.count),
                    version ?? -1,
                    finishStat,
                    context
                )
            }
        }
    }

    func delete(_ path: String, version: Int32?, _ completion: @escaping Completion<Void>) {
        start(path, completion) { handle, context in
            zoo_adelete(handle, path, version ?? -1, finishVoid, context)
        }
    }

    /// Lets the server catch up with the leader: reads that follow see all that was written before.
    func sync(_ path: String, _ completion: @escaping Completion<Void>) {
        start(path, completion) { handle, context in
            zoo_async(handle, path, { code, _, context in CallContext<Void>.finish(context, code) {} }, context)
        }
    }

    /// Takes back the watch on a node's data and existence, or on its children; fine if there is none.
    func removeWatch(_ path: String, onChildren: Bool) {
        let kind = onChildren ? ZWATCHTYPE_CHILD : ZWATCHTYPE_DATA
        start(path, { (_: Result<Void, ZooKeeperError>) in }) { handle, context in
            heron_zk_remove_all_watches(handle, path, kind, finishVoid, context)
        }
    }
}

/// The C client's `stat_completion_t`.
private func finishStat(_ code: Int32, _ stat: UnsafePointer<Stat>?, _ context: UnsafeRawPointer?) {
    CallContext<ZooKeeperStat>.finish(context, code) { ZooKeeperStat(stat?.pointee ?? Stat()) }
}

/// The C client's `void_completion_t`.
private func finishVoid(_ code: Int32, _ context: UnsafeRawPointer?) {
    CallContext<Void>.finish(context, code) {}
}
