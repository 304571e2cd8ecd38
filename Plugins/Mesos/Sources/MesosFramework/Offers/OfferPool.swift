import MesosProtocol

/// The offers that are ours for now.
struct OfferPool {
    private struct Held {
        let offer: MesosOffer
        let since: Moment
    }

    private var held: [String: Held] = [:] {
        didSet { version += 1 }
    }
    /// Another one after each change.
    private(set) var version = 0

    var isEmpty: Bool { held.isEmpty }
    var offers: [MesosOffer] { held.values.map(\.offer).sorted { $0.id.value < $1.id.value } }

    /// When the oldest one came.
    var oldest: Moment? { held.values.map(\.since).min() }

    mutating func add(_ offers: [MesosOffer], at now: Moment) {
        for offer in offers { held[offer.id.value] = Held(offer: offer, since: now) }
    }

    mutating func remove(_ ids: [MesosOfferID]) {
        for id in ids where held[id.value] != nil { held[id.value] = nil }
    }

    mutating func removeAll() { held = [:] }

    /// Takes out those that came at `moment` or before.
    mutating func takeOlder(than moment: Moment) -> [MesosOfferID] {
        let ids = held.values.filter { $0.since <= moment }.map(\.offer.id).sorted { $0.value < $1.value }
        remove(ids)
        return ids
    }
}
