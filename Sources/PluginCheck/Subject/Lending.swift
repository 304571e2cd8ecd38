import Glibc
import PluginABI

extension String {
    /// Lends the text to a function of the plugin, and overwrites it afterwards: who kept it finds out.
    func lent<Result>(_ body: (heron_string) -> Result) -> Result {
        Array(utf8).lent(terminated: true) {
            body(heron_string(data: $0?.assumingMemoryBound(to: CChar.self), length: $1))
        }
    }
}

extension [UInt8] {
    /// Lends the bytes, in memory of exactly their size; NULL if there are none. Overwrites them afterwards.
    func lent<Result>(_ body: (heron_bytes) -> Result) -> Result {
        lent(terminated: false) { body(heron_bytes(data: $0, length: $1)) }
    }

    fileprivate func lent<Result>(terminated: Bool, _ body: (UnsafeRawPointer?, Int) -> Result) -> Result {
        let size = count + (terminated ? 1 : 0)
        guard size > 0 else { return body(nil, 0) }
        // From malloc, so that a sanitizer sees who reads beyond its end or after it was freed.
        guard let memory = malloc(size) else { return body(nil, 0) }
        let buffer = UnsafeMutableRawBufferPointer(start: memory, count: size)
        defer {
            _ = memset(memory, 0xDD, size)
            free(memory)
        }
        buffer.copyBytes(from: self)
        if terminated { buffer[count] = 0 }
        return body(UnsafeRawPointer(memory), count)
    }
}
