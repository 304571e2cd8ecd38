import Glibc
import PluginABI
import PluginHost

// Times calls into a plugin. `run.py` starts this program:
//
//     bench-plugins <folder of plugin folders> <name of a plugin with the operation `echo`>
//
// and reads lines of a name and nanoseconds.

/// The least time of several rounds, in nanoseconds for each call.
func time(_ name: String, calls: Int, _ body: () throws -> Void) rethrows {
    var best = Double.infinity
    for _ in 0..<7 {
        let start = ContinuousClock.now
        for _ in 0..<calls { try body() }
        best = min(best, start.duration(to: .now) / .nanoseconds(1) / Double(calls))
    }
    print("\(name) \(best)")
}

/// Does with a result what every caller must: looks at it.
final class Sum {
    var bytes = 0

    var sink: heron_sink {
        heron_sink(context: Unmanaged.passUnretained(self).toOpaque()) { context, _, length in
            guard let context else { return }
            Unmanaged<Sum>.fromOpaque(context).takeUnretainedValue().bytes += length
        }
    }
}

guard CommandLine.arguments.count == 3 else { fatalError("bench-plugins <folder> <plugin>") }
let path = PluginSearchPath(folders: [.init(path: CommandLine.arguments[1], origin: "the benchmark")])
let scanStart = ContinuousClock.now
let catalog = PluginCatalog.scan(path)
print("scan \(scanStart.duration(to: .now) / .nanoseconds(1) / Double(max(1, catalog.plugins.count)))")

let manifest = try catalog.plugin(named: CommandLine.arguments[2])
let loadStart = ContinuousClock.now
let operations = try PluginOperations.load(manifest)
print("load \(loadStart.duration(to: .now) / .nanoseconds(1))")

let echo = try operations.operation(named: "echo")
let values: [OperationValue] = [.string("hello"), .int32(7)]
let sum = Sum()
// The operation looks at neither of them.
let host = UnsafeMutablePointer<heron_host>.allocate(capacity: 1)

typealias Echo =
    @convention(c) (
        UnsafePointer<heron_operation>?, UnsafePointer<heron_host>?, UnsafeMutablePointer<heron_scheduler>?,
        heron_string, Int32, heron_sink
    ) -> heron_status

let table = echo.table
guard let function = table.pointee.function else { fatalError("no function") }
let direct = unsafeBitCast(function, to: Echo.self)
let text = strdup("hello")

typealias Check =
    @convention(c) (
        UnsafePointer<heron_operation>?, UnsafePointer<heron_host>?, UnsafeMutablePointer<heron_scheduler>?,
        Int32, heron_sink
    ) -> heron_status

let scalar = try operations.operation(named: "check").table
let nowhere = heron_sink(context: nil, put: nil)
// What a C function costs that the process has anyway.
typealias Plain = @convention(c) (Int32) -> Int32
let plain = unsafeBitCast(dlsym(nil, "isdigit"), to: Plain.self)
time("plain", calls: 1_000_000) { _ = plain(7) }
time("scalar", calls: 1_000_000) {
    guard let function = scalar.pointee.function else { return }
    _ = unsafeBitCast(function, to: Check.self)(scalar, host, nil, 7, nowhere)
}
time("direct", calls: 1_000_000) {
    _ = direct(table, host, nil, heron_string(data: text, length: 5), 7, sum.sink)
}
time("libffi", calls: 200_000) {
    _ = echo.call(host, scheduler: nil, values, sum.sink)
}
