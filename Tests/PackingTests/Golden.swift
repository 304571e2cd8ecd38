import Glibc
import HeronModel

/// Data that Heron's own code produced, for comparison; absent where `HERON_GOLDEN` is not set.
enum Golden {
    static let folder: String? = getenv("HERON_GOLDEN").map { String(cString: $0) }

    /// The names of all packing results: `<topology>.<algorithm>`, sorted.
    static let packings: [String] = names(in: "packing", suffix: ".json")
    /// The names of all topologies, sorted.
    static let topologies: [String] = names(in: "topologies", suffix: ".defn")

    static func topology(_ name: String) throws -> Topology {
        try Topology(serializedBytes: read("topologies/\(name).defn"))
    }

    /// The result of an algorithm, without the newline at its end.
    static func packing(_ name: String) throws -> String {
        let text: String = String(decoding: try read("packing/\(name).json"), as: UTF8.self)
        return text.last == "\n" ? String(text.dropLast()) : text
    }

    private struct Unreadable: Error {
        let path: String
    }

    private static func read(_ path: String) throws -> [UInt8] {
        let path: String = "\(folder ?? "")/\(path)"
        guard let file = fopen(path, "r") else { throw Unreadable(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer.prefix(count) }
        return bytes
    }

    private static func names(in subfolder: String, suffix: String) -> [String] {
        guard let folder, let directory = opendir("\(folder)/\(subfolder)") else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name: String = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(suffix) { names.append(String(name.dropLast(suffix.count))) }
        }
        return names.sorted()
    }
}
