import HeronConfig
import HeronYAML

/// What a user writes behind `--config-property`, one in a line, and the `override.yaml` that carries it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOverrides(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    let properties = text.split(separator: "\n").compactMap { try? ConfigProperty(parsing: String($0)) }
    let file = ConfigProperty.overrideFile(properties)
    do {
        let read = try YAMLDocument.parse(file, name: "override.yaml").map()
        for property in properties {
            let last = properties.last { $0.key == property.key }
            guard read[property.key] == last?.value else { fatalError("\(property) is read back from:\n\(file)") }
        }
    } catch {
        // What YAML cannot carry must have been refused before.
        fatalError("\(error) in:\n\(file)")
    }
    return 0
}
