import FuzzSupport
import PluginHost

private let folder = ScratchFolder()

/// A plugin's `plugin.yaml`, which is read before anything of the plugin is trusted.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzManifest(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    _ = folder.file(PluginManifest.fileName, UnsafeBufferPointer(start: start, count: count))
    do {
        let manifest = try ManifestReader.read(folder: folder.path)
        guard !manifest.library.contains("/"), !manifest.name.isEmpty else { fatalError("taken: \(manifest)") }
    } catch let error as PluginError {
        guard !error.description.contains("\n") else { fatalError("more than a line: \(error)") }
    } catch {
        fatalError("not a plugin's error: \(error)")
    }
    return 0
}
