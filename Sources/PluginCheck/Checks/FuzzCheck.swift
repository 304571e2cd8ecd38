import PluginHost

extension CheckRun {
    /// Makes random sequences of calls, each from a seed of its own, for a while; or repeats some.
    func checkFuzzing() throws {
        try withPlugin { table in
            let topologies = try CheckTopology.all(self, table)
            let end = ContinuousClock.now + .milliseconds(request.fuzzMilliseconds)
            var seed = request.seed
            while request.lastSeed.map({ seed <= $0 }) ?? (ContinuousClock.now < end) {
                recorder.beginSequence(seed)
                var random = SeededRandom(seed: seed)
                let topology = topologies.randomElement(using: &random) ?? topologies[0]
                try performSequence(topology.another(), &random)
                seed &+= 1
            }
        }
    }

    private func performSequence(_ topology: CheckTopology, _ random: inout SeededRandom) throws {
        let usesLauncher = Int.random(in: 0..<4, using: &random) == 0
        if !usesLauncher, Bool.random(using: &random) { try topology.launch() }
        let made = usesLauncher ? try topology.launcher() : try topology.scheduler(resumed: .random(using: &random))
        guard let subject = made else { return }
        defer { subject.destroy() }
        guard Int.random(in: 0..<10, using: &random) > 0, subject.initialize().isSuccess else { return }
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            switch Int.random(in: 0..<10, using: &random) {
            case 0: subject.look()
            case 1: subject.close()
            default:
                // Sorted by importance, not at random; the set is never empty.
                let function = subject.messageFunctions.randomElement(using: &random) ?? "launch"
                let message = Messages.good(function, topology.place.topology)
                let isGood = Bool.random(using: &random)
                subject.send(function, isGood ? message : Mutation.one(of: message, using: &random))
            }
        }
    }
}
