extension LocalTree {
    /// Removes what is left of nodes whose owners are dead; whoever may not, leaves it to others.
    func remove(_ nodes: [StatePath], leftBehindBefore owner: ProcessOwner) {
        do {
            try change(owner) { transaction in
                for path in nodes { try transaction.load(path) }
            }
            let names = nodes.map(\.description).joined(separator: ", ")
            log(.debug, "removed what ended processes have left: \(names)")
        } catch {
            log(.debug, "cannot remove what ended processes have left: \(error)")
        }
    }

    /// Deletes the session's ephemeral nodes, as far as they are still its own.
    func endSession(_ session: LocalSession) {
        for path in session.ephemerals {
            do {
                try change(session.owner) { transaction in
                    guard try transaction.load(path).planned?.owner == session.owner else { return }
                    _ = try transaction.delete(path, version: nil)
                }
            } catch {
                log(.warning, "cannot remove an ephemeral node: \(error)")
            }
        }
    }

    private func change(_ owner: ProcessOwner, _ body: (inout Transaction) throws -> Void) throws {
        try naming("") {
            try writing({}) { view, workplace in
                var transaction = Transaction(view: view, owner: owner)
                try body(&transaction)
                try transaction.commit(workplace)
            }
        }
    }
}

extension Transaction {
    /// The nodes that belong to the owner.
    func created(by owner: ProcessOwner) -> [StatePath] {
        touched.filter { $0.planned?.owner == owner }.map(\.place.node)
    }
}
