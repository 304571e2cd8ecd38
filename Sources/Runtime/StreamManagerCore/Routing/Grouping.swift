import HeronModel

/// How the tuples of a stream are spread over the tasks of one consumer.
enum Grouping {
    /// SHUFFLE and NONE: one task after the other.
    case roundRobin
    /// FIELDS: by the hash of the values at these positions.
    case fields(positions: [Int])
    /// ALL: every task.
    case all
    /// LOWEST: the task with the smallest id.
    case lowest
    /// DIRECT and CUSTOM: the emitting instance names the tasks in each tuple.
    case namedByEmitter

    /// - Parameter schema: the fields of the stream, in the order of a tuple's values.
    init(_ input: Heron_Proto_Api_InputStream, schema: Heron_Proto_Api_StreamSchema) {
        switch input.gtype {
        case .shuffle, .none: self = .roundRobin
        case .all: self = .all
        case .lowest: self = .lowest
        case .direct, .custom: self = .namedByEmitter
        case .fields:
            let names = Set(input.groupingFields.keys.map(\.key))
            self = .fields(positions: schema.keys.indices.filter { names.contains(schema.keys[$0].key) })
        }
    }
}

/// One component that consumes a stream.
struct Consumer {
    /// The slots of its tasks, ascending and never empty.
    let slots: [Int]
    let grouping: Grouping
    /// Whose turn it is in a round robin: an index of the slots.
    private var turn: Int
    private let isRoundRobin: Bool

    /// - Parameter start: where a round robin begins.
    init(slots: [Int], grouping: Grouping, start: Int) {
        self.slots = slots
        self.grouping = grouping
        turn = start
        isRoundRobin = if case .roundRobin = grouping { true } else { false }
    }

    /// The slot of a tuple whatever is in it; nil if the grouping is none that takes turns.
    mutating func next() -> Int? {
        guard isRoundRobin else { return nil }
        let slot = slots[turn]
        turn = turn + 1 == slots.count ? 0 : turn + 1
        return slot
    }

    /// Whether the grouping looks at the tuples' values.
    var needsValues: Bool {
        if case .fields(let positions) = grouping { !positions.isEmpty } else { false }
    }

    /// Adds the slots of one tuple; false if the tuple lacks a value that the grouping needs.
    mutating func append(values: [Range<Int>], in bytes: RawSpan, to destinations: inout [Int]) -> Bool {
        switch grouping {
        case .roundRobin: if let slot = next() { destinations.append(slot) }
        case .fields(let positions):
            var sum: Int32 = 0
            for position in positions {
                guard position < values.count else { return false }
                sum &+= FieldsHash.contribution(bytes, values[position])
            }
            destinations.append(slots[FieldsHash.position(ofSum: sum, among: slots.count)])
        case .all: destinations += slots
        case .lowest: destinations.append(slots[0])
        case .namedByEmitter: break
        }
        return true
    }
}
