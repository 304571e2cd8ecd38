import HeronModel
import HeronWire
import NIOCore

@testable import StreamManagerCore

private let now = NIODeadline.uptimeNanoseconds(0)
private let table: RoutingTable = {
    var random = KeyGenerator()
    return RoutingTable(plan, random: &random)
}()

/// Sets of tuples from instances and peers, routed as bytes: what departs is one whole packet for each destination.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTupleSet(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = ByteBuffer(bytes: UnsafeBufferPointer(start: start, count: count))
    var router = TupleRouter(
        table,
        stmgr: "stmgr-1",
        maximumPacketSize: 1 << 20,
        ledger: AckLedger(timeout: .seconds(30), generations: 3, now: now)
    )
    // A fault ends the connection; what was filed before it departs all the same.
    try? router.route(bytes, from: 1, now: now)
    try? router.route(bytes, from: 2, now: now)
    expectWholePackets(&router)
    _ = try? StreamManagerCore.TupleSet.count(bytes)
    _ = try? TupleStream(bytes.readableBytesSpan)
    return 0
}

private func expectWholePackets(_ router: inout TupleRouter) {
    let tasks = router.tasks
    var packets: [ByteBuffer] = []
    router.cache.drain { slot, set in
        packets.append(
            tasks[slot].stmgr == "stmgr-1" ? set.packetForInstance() : set.packetForPeer(task: tasks[slot].id)
        )
    }
    for bytes in packets {
        var decoder = PacketDecoder(maximumPacketSize: 1 << 20)
        decoder.feed(bytes)
        guard let packet = try? decoder.next(), decoder.unreadBytes == 0, (try? TupleSet.count(packet.body)) != nil
        else { fatalError("what departs is no packet: \(Array(bytes.readableBytesView))") }
    }
}

/// A spout with two tasks, and a bolt in this container and one in another for each grouping.
private let plan: PhysicalPlan = {
    var stream = Heron_Proto_Api_StreamId()
    stream.id = "default"
    stream.componentName = "words"
    var key = Heron_Proto_Api_StreamSchema.KeyType()
    key.key = "word"
    key.type = .object
    var schema = Heron_Proto_Api_StreamSchema()
    schema.keys = [key]
    var output = Heron_Proto_Api_OutputStream()
    output.stream = stream
    output.schema = schema
    var spout = Heron_Proto_Api_Spout()
    spout.comp.name = "words"
    spout.outputs = [output]

    var plan = PhysicalPlan()
    plan.topology.id = "Words-1"
    plan.topology.name = "Words"
    plan.topology.spouts = [spout]
    plan.instances = [instance("words", 1, container: 1), instance("words", 2, container: 1)]
    for (index, grouping) in Heron_Proto_Api_Grouping.allCases.enumerated() {
        var input = Heron_Proto_Api_InputStream()
        input.stream = stream
        input.gtype = grouping
        if grouping == .fields { input.groupingFields = schema }
        var bolt = Heron_Proto_Api_Bolt()
        bolt.comp.name = "bolt\(index)"
        bolt.inputs = [input]
        plan.topology.bolts.append(bolt)
        for container in 1...2 {
            plan.instances.append(instance(bolt.comp.name, Int32(3 + 2 * index + container), container: container))
        }
    }
    return plan
}()

private func instance(_ component: String, _ task: Int32, container: Int) -> Instance {
    var instance = Instance()
    instance.instanceID = "container_\(container)_\(component)_\(task)"
    instance.stmgrID = "stmgr-\(container)"
    instance.info.taskID = task
    instance.info.componentIndex = 0
    instance.info.componentName = component
    return instance
}
