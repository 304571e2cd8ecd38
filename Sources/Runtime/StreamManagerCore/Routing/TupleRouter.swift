import HeronModel
import HeronWire
import NIOCore

/// The hot path: takes the tuple sets of instances and peers as bytes and files their tuples by destination.
///
/// A value without I/O and clock; whoever owns it drains ``cache`` and reports ``losses``. Tuples are looked at only as
/// far as needed: the key, the roots, the tasks that an emitter names, and the values if a grouping hashes them.
struct TupleRouter {
    private var table: RoutingTable
    /// For every slot, whether the task runs in this container.
    private let isLocal: [Bool]
    private(set) var ledger: AckLedger
    /// The tuples that wait for departure.
    var cache: TupleCache
    /// The tuples that will never depart.
    var losses = TupleLosses()

    private var keys = KeyGenerator()
    private var tuple = TupleScanner()
    private var destinations: [Int] = []
    private var controlField: [UInt8] = []

    /// - Parameters:
    ///   - stmgr: the stream manager that this is, to tell local tasks from others.
    ///   - ledger: the roots of local spouts; kept when a new plan comes.
    init(_ table: RoutingTable, stmgr: String, maximumPacketSize: Int, ledger: AckLedger) {
        self.table = table
        self.ledger = ledger
        isLocal = table.tasks.map { $0.stmgr == stmgr }
        cache = TupleCache(slots: table.tasks.count, maximumPacketSize: maximumPacketSize)
    }

    /// All tasks of the plan; a slot is an index into them.
    var tasks: [RoutingTable.Task] { table.tasks }

    /// Whether the task of a slot runs in this container.
    func isLocal(_ slot: Int) -> Bool { isLocal[slot] }

    /// The slot of a task, or nil if the plan does not have it.
    func slot(of task: Int32) -> Int? { table.slot(of: task) }

    // MARK: From instances

    /// Files the tuples of a `HeronTupleSet` that an instance of this container sent.
    ///
    /// Throws `malformedMessage` for bytes that are no such set; tuples before the fault have been filed then.
    mutating func route(_ set: ByteBuffer, from source: Int32, now: NIODeadline) throws(WireError) {
        let bytes = set.readableBytesSpan
        guard let slot = table.slot(of: source) else {
            losses.add(.unknownTask)
            return
        }
        ledger.advance(to: now)
        var fields = FieldScanner(bytes)
        while let field = try fields.next(in: bytes) {
            switch (field.number, field.kind) {
            case (1, .bytes): try routeData(field.value, in: bytes, from: slot)
            case (2, .bytes): try routeControl(field.value, in: bytes, from: source)
            default: break  // The source's task id, which the registration says as well.
            }
        }
    }

    private mutating func routeData(_ range: Range<Int>, in bytes: RawSpan, from slot: Int) throws(WireError) {
        guard let (stream, prefix) = try findStream(range, in: bytes) else { return }
        let batch = Batch(source: table.tasks[slot], kind: .data(stream: stream), prefix: prefix)
        var consumers = table.takeConsumers(of: stream)
        defer { table.putBack(consumers, of: stream) }
        let needsValues = consumers.contains { $0.needsValues }
        var fields = FieldScanner(range)
        while let field = try fields.next(in: bytes) {
            guard field.number == 2, field.kind == .bytes else { continue }
            try tuple.scan(field.value, in: bytes, findingValues: needsValues)
            guard let keyOffset = tuple.keyOffset, bytes.littleEndian(at: keyOffset, as: UInt64.self) == 0 else {
                losses.add(.keyGiven)
                continue
            }
            let isRooted = !tuple.roots.isEmpty
            if isRooted, batch.isFromSpout, try !isOwnRoot(of: batch.source, in: bytes) {
                losses.add(.rootsWrong)
                continue
            }
            let key = isRooted ? keyOffset - field.start : nil
            let tupleField = bytes.extracting(field.field)
            // The most frequent case needs no list.
            if consumers.count == 1, tuple.namedTasks.isEmpty, let destination = consumers[0].next() {
                try file(tupleField, keyOffset: key, of: batch, to: destination, in: bytes)
                continue
            }
            findDestinations(&consumers, in: bytes)
            for destination in destinations {
                try file(tupleField, keyOffset: key, of: batch, to: destination, in: bytes)
            }
        }
    }

    /// The stream of a data set and the field that names it; nil for a stream that no component declares.
    private func findStream(
        _ range: Range<Int>,
        in bytes: RawSpan
    ) throws(WireError) -> (stream: Int, prefix: [UInt8])? {
        var fields = FieldScanner(range)
        while let field = try fields.next(in: bytes) {
            guard field.number == 1, field.kind == .bytes else { continue }
            guard let stream = try table.stream(bytes.extracting(field.value)) else { return nil }
            return (stream, table.streams[stream].setPrefix)
        }
        throw WireError(.malformedMessage, "a set of tuples does not name its stream")
    }

    private mutating func findDestinations(_ consumers: inout [Consumer], in bytes: RawSpan) {
        destinations.removeAll(keepingCapacity: true)
        for index in consumers.indices
        where !consumers[index].append(values: tuple.values, in: bytes, to: &destinations) {
            losses.add(.valueMissing)
            destinations.removeAll(keepingCapacity: true)
            break
        }
        for task in tuple.namedTasks {
            if let slot = table.slot(of: task) { destinations.append(slot) } else { losses.add(.unknownTask) }
        }
    }

    /// Adds a tuple to the cache of a destination; with a new key if it has roots, which stands at an offset of it.
    private mutating func file(
        _ field: RawSpan,
        keyOffset: Int?,
        of batch: Batch,
        to destination: Int,
        in bytes: RawSpan
    ) throws(WireError) {
        let key = keyOffset.map { ($0, keys.nextKey()) }
        let added = cache.add(
            field,
            key: key,
            to: destination,
            kind: batch.kind,
            source: batch.source,
            prefix: batch.prefix
        )
        guard added else {
            losses.add(.tooLarge)
            return
        }
        if let key { try announce(key: key.1, of: batch, in: bytes) }
    }

    /// Whether the tuple that was scanned last has one root and that is its spout's: a spout has no other to speak of.
    private func isOwnRoot(of spout: Int32, in bytes: RawSpan) throws(WireError) -> Bool {
        guard tuple.roots.count == 1 else { return false }
        return try Root(tuple.roots[0], in: bytes).task == spout
    }

    /// Tells the roots' spouts of a new key below them.
    private mutating func announce(key: UInt64, of batch: Batch, in bytes: RawSpan) throws(WireError) {
        for range in tuple.roots {
            let root = try Root(range, in: bytes)
            if batch.isFromSpout {
                ledger.create(root, key: key)
            } else {
                report(.emit, root, key: key, from: batch.source)
            }
        }
    }

    // MARK: Control tuples

    private mutating func routeControl(_ range: Range<Int>, in bytes: RawSpan, from source: Int32) throws(WireError) {
        try forEachControlTuple(range, in: bytes) { router, event, control in
            for root in control.roots { router.report(event, root, key: control.key, from: source) }
        }
    }

    /// Applies the control tuples of a set that another stream manager sent for a spout of this container.
    mutating func applyControl(_ range: Range<Int>, in bytes: RawSpan, now: NIODeadline) throws(WireError) {
        ledger.advance(to: now)
        try forEachControlTuple(range, in: bytes) { router, event, control in
            for root in control.roots { router.apply(event, root, key: control.key) }
        }
    }

    private mutating func forEachControlTuple(
        _ range: Range<Int>,
        in bytes: RawSpan,
        _ body: (inout TupleRouter, ControlEvent, ControlTuple) -> Void
    ) throws(WireError) {
        for event in ControlEvent.orderOfApplication {
            var fields = FieldScanner(range)
            while let field = try fields.next(in: bytes) {
                guard field.number == event.rawValue, field.kind == .bytes else { continue }
                body(&self, event, try ControlTuple(field.value, in: bytes))
            }
        }
    }

    /// Brings an event to the stream manager of the root's spout, which may be this one.
    private mutating func report(_ event: ControlEvent, _ root: Root, key: UInt64, from source: Int32) {
        guard let slot = table.slot(of: root.task) else {
            losses.add(.unknownTask)
            return
        }
        if isLocal[slot] {
            apply(event, root, key: key)
        } else {
            send(event, root, key: key, to: slot, from: source)
        }
    }

    /// Applies an event to a root of a local spout and tells the spout if the root is done or failed.
    private mutating func apply(_ event: ControlEvent, _ root: Root, key: UInt64) {
        guard let slot = table.slot(of: root.task), isLocal[slot] else {
            losses.add(.unknownTask)
            return
        }
        switch event {
        case .emit, .ack:
            if ledger.toggle(root, key: key) { send(.ack, root, key: 0, to: slot, from: root.task) }
        case .fail:
            if ledger.fail(root) { send(.fail, root, key: 0, to: slot, from: root.task) }
        }
    }

    private mutating func send(_ event: ControlEvent, _ root: Root, key: UInt64, to slot: Int, from source: Int32) {
        // Out of the router while its bytes are borrowed, and back for the next one.
        var field: [UInt8] = []
        swap(&field, &controlField)
        ControlTuple.encode(event, root, key: key, into: &field)
        if !cache.add(field.span.bytes, key: nil, to: slot, kind: event.setKind, source: source, prefix: []) {
            losses.add(.tooLarge)
        }
        swap(&field, &controlField)
    }
}

/// What the tuples of one set have in common.
private struct Batch {
    /// The task that emitted them.
    let source: Int32
    let isFromSpout: Bool
    let kind: OutgoingSet.Kind
    /// The field with their stream's id that begins a set of them.
    let prefix: [UInt8]

    init(source: RoutingTable.Task, kind: OutgoingSet.Kind, prefix: [UInt8]) {
        self.source = source.id
        isFromSpout = source.isSpout
        self.kind = kind
        self.prefix = prefix
    }
}
