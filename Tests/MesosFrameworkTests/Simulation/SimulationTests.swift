import Glibc
import MesosFramework
import Testing

/// The framework under faults of every kind, many times; a seed that fails can be run alone.
@Suite struct SimulationTests {
    private static let containers: Int32 = 6

    /// An hour of faults; then everything is mended, and everything runs, once.
    @Test(arguments: seeds) func everythingRunsAgain(_ seed: UInt64) {
        let simulation = Simulation(seed: seed, containers: SimulationTests.containers)
        simulation.start()
        simulation.plague()
        for _ in 0..<60 {
            simulation.run(for: 60_000)
            simulation.checkSingle()
        }
        simulation.healEverything()
        // The longest pause of a container, and the longest silence before it is asked about.
        simulation.run(for: 1_500_000)
        simulation.checkSingle()
        let running = simulation.snapshots.filter { $0.state == .running }.compactMap(\.task?.id).sorted()
        #expect(running.count == Int(SimulationTests.containers), "seed \(seed): \(simulation.snapshots)")
        #expect(simulation.liveTasks == running, "seed \(seed)")
        #expect(simulation.violations == [], "seed \(seed)")
    }

    /// A kill in the middle of the faults, repeated until it is done, leaves nothing.
    @Test(arguments: seeds) func killLeavesNothing(_ seed: UInt64) {
        let simulation = Simulation(seed: seed, containers: SimulationTests.containers)
        simulation.start()
        simulation.plague()
        simulation.run(for: simulation.random.number(0...900_000))
        var number: UInt64 = 1
        simulation.request(number) { .kill($0) }
        for _ in 0..<10 {
            simulation.run(for: 60_000)
            guard simulation.outcomes[number] != .done else { break }
            number += 1
            simulation.request(number) { .kill($0) }
        }
        simulation.healEverything()
        for _ in 0..<30 where simulation.outcomes[number] != .done {
            number += 1
            simulation.request(number) { .kill($0) }
            simulation.run(for: 100_000)
        }
        #expect(simulation.outcomes[number] == .done, "seed \(seed)")
        // An agent that was away ends the tasks of a framework that is no more when it is back.
        simulation.run(for: 300_000)
        #expect(simulation.liveTasks == [], "seed \(seed)")
        #expect(simulation.violations == [], "seed \(seed)")
    }

    /// `HERON_SIMULATION_SEEDS=<first>-<last>` runs others, or many; one alone if both are the same.
    private static let seeds: [UInt64] = {
        let text = getenv("HERON_SIMULATION_SEEDS").map { String(cString: $0) } ?? "1-10"
        let ends = text.split(separator: "-").compactMap { UInt64($0) }
        guard ends.count == 2, ends[0] <= ends[1] else { return [] }
        return Array(ends[0]...ends[1])
    }()
}
