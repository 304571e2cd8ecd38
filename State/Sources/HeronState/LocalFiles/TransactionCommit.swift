import Glibc

extension Transaction {
    /// The folders that a commit works in.
    struct Workplace {
        let root: Directory
        let staging: Directory
        let stamps: Directory
    }

    /// Puts the operations' effects on the disk, all or none.
    ///
    /// New content is staged and written out first, then the stamps, then (where more than one name changes) the
    /// journal; only then the names in the tree change. Whatever fails before leaves staged files at most, and removes
    /// them.
    func commit(_ workplace: Workplace) throws {
        let plan = try TransactionPlan(self)
        let runner = FileStepRunner(root: workplace.root, staging: workplace.staging)
        let steps = try plan.stage(workplace)
        let isJournaled = steps.count { !$0.isHarmless } > 1
        do {
            if isJournaled { try Journal(steps: steps).write(to: workplace.staging) }
            try runner.perform(steps)
        } catch let incomplete as StepsIncomplete {
            throw incomplete.stateError
        } catch {
            if isJournaled { try Journal.remove(from: workplace.staging) }
            try? runner.discard(steps)
            throw error
        }
        if isJournaled {
            try Journal.remove(from: workplace.staging)
        } else if plan.isDurable {
            try runner.synchronize(steps)
        }
        try? runner.discard(steps)
        for path in plan.gone { _ = try? workplace.stamps.remove(NodeStamps.fileName(of: path.description)) }
    }
}

extension FileStep {
    /// Whether the step may be done without those that belong to it.
    fileprivate var isHarmless: Bool {
        if case .makeDirectory = self { true } else { false }
    }
}

extension TransactionPlan {
    /// Writes the new content to the staging folder and the stamps to theirs; returns the steps that remain.
    fileprivate func stage(_ workplace: Transaction.Workplace) throws -> [FileStep] {
        var staged: [Descriptor] = []
        do {
            for (index, put) in puts.enumerated() {
                staged.append(try naming(put.place.node.description) { try write(put, "\(index)", workplace.staging) })
            }
            // The kernel has begun to write them all by now: waiting for the first waits for most of the others.
            for (put, file) in zip(puts, staged) where put.owner == nil { try file.synchronize() }
            return try steps(staged, workplace)
        } catch {
            for index in puts.indices { _ = try? workplace.staging.remove("\(index)") }
            throw error
        }
    }

    private func write(_ put: Put, _ name: String, _ staging: Directory) throws -> Descriptor {
        try staging.remove(name)
        return try staging.write(name, put.data, mode: put.place.isPrivate ? 0o600 : 0o666)
    }

    private func steps(_ staged: [Descriptor], _ workplace: Transaction.Workplace) throws -> [FileStep] {
        var steps: [FileStep] = []
        for (index, removal) in removals.enumerated() {
            let name = "\(puts.count + index)"
            steps.append(.remove(staged: name, inode: removal.inode, removal.target))
        }
        steps += oldDirectories
        steps += newDirectories
        for (index, (put, file)) in zip(puts, staged).enumerated() {
            let identity = try file.status().identity
            try put.writeStamps(identity, workplace)
            if put.isReplacement {
                steps.append(.replace(staged: "\(index)", inode: identity.inode, put.target))
            } else {
                steps.append(.create(staged: "\(index)", inode: identity.inode, put.target))
            }
        }
        return steps
    }
}

extension TransactionPlan.Put {
    private static let stagedStamps = "stamps"

    fileprivate func writeStamps(_ identity: FileIdentity, _ workplace: Transaction.Workplace) throws {
        var stamps = [NodeStamp(version: version, identity: identity, owner: owner)]
        if let old = previous.identity {
            stamps.append(NodeStamp(version: previous.version, identity: old, owner: previous.owner))
        }
        let path = place.node.description
        let text = NodeStamps(path: path, stamps: stamps).text
        let staging = workplace.staging
        try staging.remove(Self.stagedStamps)
        let file = try staging.write(Self.stagedStamps, Array(text.utf8), mode: 0o666)
        // Without its owner an ephemeral node would outlive a power failure; a lost version does no harm.
        if owner != nil { try file.synchronize() }
        try staging.rename(Self.stagedStamps, to: workplace.stamps, NodeStamps.fileName(of: path), .replace)
    }
}
