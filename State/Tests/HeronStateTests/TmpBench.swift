import HeronState
import Testing
@Test func tmpBench() async throws {
    let d = try TemporaryDirectory()
    let s = try await LocalState.open(d.path + "/s")
    let c = ContinuousClock()
    for i in 0..<5 {
        var m: (any StateManager)?
        let open = try await c.measure { m = try await LocalState.open(d.path + "/s") }
        let st = m!
        let rec = try await c.measure {
            try await st.recordSubmission(Samples.topology("T\(i)"), packingPlan: Samples.packingPlan("1"), executionState: Samples.executionState("T\(i)"), secret: .random()) }
        let p = try StatePath(.topologies, "T\(i)")
        let get = try await c.measure { _ = try await st.get(p) }
        let set = try await c.measure { _ = try await st.set(p, [1], version: nil) }
        let eph = try await c.measure { try await st.create(StatePath(.tmanagers, "T\(i)"), [1], .ephemeral) }
        let rem = try await c.measure { _ = try await st.removeTopology("T\(i)") }
        let cl = await c.measure { await st.close() }
        print("open \(open) record \(rec) get \(get) set \(set) eph \(eph) remove \(rem) close \(cl)")
    }
    await s.close()
}
