import HeronModel
import Packing

@testable import HeronState
@testable import StreamManagerCore

/// A node of the state as another program may have written it: whatever it is, reading it ends in order.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzStateNodes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let topology = try? Topology(serializedBytes: bytes) { try? TopologyValidator.validate(topology) }
    if let plan = try? PhysicalPlan(serializedBytes: bytes) { build(plan) }
    _ = try? PackingPlan(serializedBytes: bytes)
    _ = try? ExecutionState(serializedBytes: bytes)
    _ = try? SchedulerLocation(serializedBytes: bytes)
    _ = try? TManagerLocation(serializedBytes: bytes)
    _ = SessionHolder(data: bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    if let journal = Journal(text: text), Journal(text: journal.text) != journal { fatalError("journal: \(journal)") }
    _ = TopologySecret(text: text)
    return 0
}

private func build(_ plan: PhysicalPlan) {
    var random = KeyGenerator()
    _ = RoutingTable(PlanHydration.hydrate(plan, with: plan.topology), random: &random)
}
