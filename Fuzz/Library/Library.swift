import FuzzSupport
import PluginHost

private let folder = ScratchFolder()

/// A plugin's shared library, whose header and symbols are read before it is loaded.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLibrary(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let path = folder.file("library.so", UnsafeBufferPointer(start: start, count: count))
    _ = try? ELFFile(path).symbols()
    return 0
}
