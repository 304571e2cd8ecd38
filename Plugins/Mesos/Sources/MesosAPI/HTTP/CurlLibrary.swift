import CCurl

/// libcurl in this process.
struct CurlLibrary: Sendable {
    /// Loaded by the first driver.
    static let shared = Result<CurlLibrary, MesosOptionsError> { () throws(MesosOptionsError) in
        try CurlLibrary(file: "libcurl.so.4")
    }

    /// Of a library that is never unloaded and not written to once it is loaded.
    private struct Handle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private let handle: Handle

    var pointer: OpaquePointer { handle.pointer }

    private init(file: String) throws(MesosOptionsError) {
        var message = [CChar](repeating: 0, count: 512)
        guard let pointer = ccurl_load(file, &message, message.count) else {
            throw MesosOptionsError("cannot load libcurl: \(text(message)); install the Debian package libcurl4")
        }
        handle = Handle(pointer: pointer)
    }
}

/// The transfers of one thread.
///
/// Whoever closes it ends all transfers before; only ``wake()`` may be called from other threads, and not after that.
struct CurlMulti: @unchecked Sendable {
    // Unchecked, because libcurl lets every thread wake, and only the driver's thread does anything else.
    let pointer: OpaquePointer

    init(_ library: CurlLibrary) throws(MesosOptionsError) {
        guard let pointer = ccurl_multi_open(library.pointer) else {
            throw MesosOptionsError("libcurl has no memory left")
        }
        self.pointer = pointer
    }

    func close() {
        ccurl_multi_close(pointer)
    }

    func wake() {
        ccurl_multi_wake(pointer)
    }

    /// Waits for something to do, at most as long as given, and does it; returns what is wrong if libcurl cannot go on.
    func run(for timeout: Duration) -> String? {
        var message = [CChar](repeating: 0, count: 256)
        // A little more rather than a little less than asked for, so that a deadline has passed after the wait for it.
        let milliseconds = Int32(clamping: timeout.milliseconds + (timeout > .zero ? 1 : 0))
        return ccurl_multi_run(pointer, milliseconds, &message, message.count) ? nil : text(message)
    }
}

extension Duration {
    /// Rounded down; 0 for less than nothing.
    var milliseconds: Int {
        guard self > .zero else { return 0 }
        let parts = components
        let seconds = min(parts.seconds, Int64(Int32.max) / 1000 - 1)
        return Int(seconds) * 1000 + Int(parts.attoseconds / 1_000_000_000_000_000)
    }
}

private func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
