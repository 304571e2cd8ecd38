import CFFI
import PluginABI

/// An operation's C function with what libffi must know to call it.
///
/// Unchecked, because it holds C memory: written in `init`, only read afterwards, and freed in `deinit`. May be called
/// on any thread; where the plugin allows it to be called is the caller's care.
final class OperationFunction: @unchecked Sendable {
    let table: UnsafePointer<heron_operation>
    private let function: heron_function
    private let signature: OperationSignature
    private let interface: UnsafeMutablePointer<ffi_cif>
    private let types: UnsafeMutablePointer<UnsafeMutablePointer<ffi_type>?>
    private let pair: PairType

    /// Throws ``PluginError`` where libffi cannot call such a function.
    init(
        _ table: UnsafePointer<heron_operation>,
        _ function: heron_function,
        _ signature: OperationSignature,
        plugin: String
    ) throws {
        let pair = PairType()
        var list: [UnsafeMutablePointer<ffi_type>?] = [heron_ffi_pointer(), heron_ffi_pointer(), heron_ffi_pointer()]
        list += signature.parameters.map { $0.foreignType(pair) }
        if signature.result != .status { list.append(pair.type) }
        self.table = table
        self.function = function
        self.signature = signature
        self.pair = pair
        types = .allocate(capacity: list.count)
        types.initialize(from: list, count: list.count)
        interface = .allocate(capacity: 1)
        interface.initialize(to: ffi_cif())
        let status = ffi_prep_cif(interface, FFI_DEFAULT_ABI, UInt32(list.count), heron_ffi_int32(), types)
        guard status == FFI_OK else {
            throw PluginError(.wrongABI, plugin: plugin, "libffi cannot call a function of this signature")
        }
    }

    deinit {
        types.deallocate()
        interface.deallocate()
    }

    /// Calls the function; `values` must be of the signature's types.
    func call(
        _ host: UnsafePointer<heron_host>,
        _ scheduler: UnsafeMutablePointer<heron_scheduler>?,
        _ values: [OperationValue],
        _ result: heron_sink
    ) -> heron_status {
        precondition(values.map(\.type) == signature.parameters)
        let texts = values.reduce(0) { $0 + $1.textSize }
        return withUnsafeTemporaryAllocation(byteCount: texts, alignment: 1) { text in
            withUnsafeTemporaryAllocation(of: Slot.self, capacity: values.count + 4) { slots in
                slots.initializeElement(at: 0, to: Slot(UnsafeRawPointer(table)))
                slots.initializeElement(at: 1, to: Slot(UnsafeRawPointer(host)))
                slots.initializeElement(at: 2, to: Slot(UnsafeRawPointer(scheduler)))
                var rest = text[...]
                for (index, value) in values.enumerated() {
                    slots.initializeElement(at: 3 + index, to: value.slot(storing: &rest))
                }
                slots.initializeElement(at: 3 + values.count, to: Slot(result))
                return invoke(slots)
            }
        }
    }

    private func invoke(_ slots: UnsafeMutableBufferPointer<Slot>) -> heron_status {
        withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer?.self, capacity: slots.count) { pointers in
            for index in slots.indices {
                pointers.initializeElement(at: index, to: slots.baseAddress.map { UnsafeMutableRawPointer($0 + index) })
            }
            // libffi widens small results to a whole ffi_arg.
            var status = ffi_arg(0)
            ffi_call(interface, function, &status, pointers.baseAddress)
            return heron_status(truncatingIfNeeded: status)
        }
    }
}

/// Room for one argument: every type that a signature knows has at most two words.
private struct Slot {
    private var first: UInt = 0
    private var second: UInt = 0

    /// The bytes of a C value, from the start of the slot.
    init<Value>(_ value: Value) {
        precondition(MemoryLayout<Value>.size <= MemoryLayout<Slot>.size)
        withUnsafeMutableBytes(of: &self) { $0.storeBytes(of: value, as: Value.self) }
    }
}

extension OperationValue {
    /// How many bytes its text needs, with a NUL byte behind it.
    fileprivate var textSize: Int {
        switch self {
        case .string(let text): text.utf8.count + 1
        case .bytes(let bytes): bytes.count
        case .int32, .int64, .double, .bool: 0
        }
    }

    /// The argument for C; text is copied to the start of `memory`, which is cut off.
    fileprivate func slot(storing memory: inout Slice<UnsafeMutableRawBufferPointer>) -> Slot {
        switch self {
        case .int32(let value): return Slot(value)
        case .int64(let value): return Slot(value)
        case .double(let value): return Slot(value)
        case .bool(let value): return Slot(Int32(value ? 1 : 0))
        case .string(let text):
            let room = UnsafeMutableRawBufferPointer(rebasing: memory.prefix(textSize))
            room.copyBytes(from: text.utf8)
            room[text.utf8.count] = 0
            memory = memory.dropFirst(textSize)
            let start = UnsafeRawPointer(room.baseAddress)?.assumingMemoryBound(to: CChar.self)
            return Slot(heron_string(data: start, length: text.utf8.count))
        case .bytes(let bytes):
            let room = UnsafeMutableRawBufferPointer(rebasing: memory.prefix(textSize))
            room.copyBytes(from: bytes)
            memory = memory.dropFirst(textSize)
            return Slot(heron_bytes(data: UnsafeRawPointer(room.baseAddress), length: bytes.count))
        }
    }
}

extension OperationSignature.ParameterType {
    fileprivate func foreignType(_ pair: PairType) -> UnsafeMutablePointer<ffi_type> {
        switch self {
        case .int32, .bool: heron_ffi_int32()
        case .int64: heron_ffi_int64()
        case .double: heron_ffi_double()
        case .string, .bytes: pair.type
        }
    }
}

/// libffi's description of a struct of two words: heron_string, heron_bytes and heron_sink.
private final class PairType {
    let type: UnsafeMutablePointer<ffi_type>
    private let elements: UnsafeMutablePointer<UnsafeMutablePointer<ffi_type>?>

    init() {
        elements = .allocate(capacity: 3)
        elements.initialize(from: [heron_ffi_pointer(), heron_ffi_pointer(), nil], count: 3)
        type = .allocate(capacity: 1)
        type.initialize(to: ffi_type(size: 0, alignment: 0, type: UInt16(FFI_TYPE_STRUCT), elements: elements))
    }

    deinit {
        type.deallocate()
        elements.deallocate()
    }
}
