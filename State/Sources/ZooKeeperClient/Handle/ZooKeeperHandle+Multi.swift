internal import CZooKeeper
import Glibc

extension ZooKeeperHandle {
    /// Performs all operations or none. A failure names the path of the operation that failed.
    func multi(_ operations: [ZooKeeperOperation], _ completion: @escaping Completion<Void>) {
        let results = MultiResults(operations)
        start("", { completion(results.result($0)) }) { (handle, context) -> Int32 in
            let strings = operations.map { strdup($0.path) }
            defer { strings.forEach { free($0) } }
            return Self.withDataPointers(operations) { data in
                var steps = zip(operations, zip(strings, data)).map { operation, place in
                    step(operation, path: place.0, data: place.1)
                }
                // All is copied but the results, which the callback's context keeps.
                return zoo_amulti(handle, Int32(steps.count), &steps, results.pointer, finishMulti, context)
            }
        }
    }

    private func step(
        _ operation: ZooKeeperOperation,
        path: UnsafeMutablePointer<CChar>?,
        data: UnsafeRawBufferPointer
    ) -> zoo_op_t {
        var step = zoo_op_t()
        let bytes = data.bindMemory(to: CChar.self).baseAddress
        switch operation {
        case .create(_, _, let isEphemeral):
            let mode = isEphemeral ? ZOO_EPHEMERAL : ZOO_PERSISTENT
            zoo_create_op_init(&step, path, bytes, Int32(data.count), accessControl, mode, nil, 0)
        case .set(_, _, let version):
            zoo_set_op_init(&step, path, bytes, Int32(data.count), version ?? -1, nil)
        case .delete(_, let version):
            zoo_delete_op_init(&step, path, version ?? -1)
        case .check(_, let version):
            zoo_check_op_init(&step, path, version)
        }
        return step
    }

    /// Calls the body with the bytes of each operation, one after another in one piece of memory.
    private static func withDataPointers<Result>(
        _ operations: [ZooKeeperOperation],
        _ body: ([UnsafeRawBufferPointer]) -> Result
    ) -> Result {
        var all: [UInt8] = []
        var ranges: [Range<Int>] = []
        for operation in operations {
            let start = all.count
            switch operation {
            case .create(_, let data, _), .set(_, let data, _): all += data
            case .delete, .check: break
            }
            ranges.append(start..<all.count)
        }
        return all.withUnsafeBytes { bytes in body(ranges.map { UnsafeRawBufferPointer(rebasing: bytes[$0]) }) }
    }
}

/// Where the C client puts the result of each step; must live until the call is complete.
private final class MultiResults: @unchecked Sendable {
    // Written by the C client's thread before it completes the call, read by the completion on the same thread.
    let pointer: UnsafeMutablePointer<zoo_op_result_t>
    private let operations: [ZooKeeperOperation]

    init(_ operations: [ZooKeeperOperation]) {
        self.operations = operations
        pointer = .allocate(capacity: operations.count)
        pointer.initialize(repeating: zoo_op_result_t(), count: operations.count)
    }

    deinit {
        pointer.deallocate()
    }

    /// The call's result, with the path of the step that failed.
    func result(_ result: Result<Void, ZooKeeperError>) -> Result<Void, ZooKeeperError> {
        guard case .failure(let error) = result else { return result }
        // Those before and after the one that failed have none, or this one.
        let innocent = [ZOK.rawValue, ZRUNTIMEINCONSISTENCY.rawValue]
        let results = UnsafeBufferPointer(start: pointer, count: operations.count)
        guard error.code != .connectionLost, let index = results.firstIndex(where: { !innocent.contains($0.err) })
        else {
            return result
        }
        return .failure(ZooKeeperError(results[index].err, operations[index].path))
    }
}

/// The C client's `void_completion_t`.
private func finishMulti(_ code: Int32, _ context: UnsafeRawPointer?) {
    CallContext<Void>.finish(context, code) {}
}
