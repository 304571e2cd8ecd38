import Files
import Glibc

/// The files below an agent's work directory, as its `/files` endpoints show them. Nothing else can be seen.
struct SandboxFiles: Sendable {
    /// Absolute.
    let workDirectory: String
    let agent: String

    /// What of a file is read at most at once: 16 pages.
    private static let maximumRead = 65536

    /// `/files/browse`: the entries of a folder, or the file itself.
    func browse(_ path: String) throws(MasterRefusal) -> JSONValue {
        let folder = try resolve(path)
        guard let names = try? folderEntries(folder) else { throw .notFound() }
        return .array(names.sorted().compactMap { entry(path + "/" + $0, folder + "/" + $0) })
    }

    /// `/files/read`: a part of a file as text, from an offset; without one only where the file ends.
    func read(_ path: String, offset: Int64?, length: Int?) throws(MasterRefusal) -> JSONValue {
        let file = try open(path)
        defer { try? file.close() }
        guard let size = try? file.status().size else { throw .notFound() }
        guard let offset, offset >= 0 else {
            return .object(["data": .string(""), "offset": .int(size)])
        }
        let count = min(length.map { max(0, $0) } ?? Self.maximumRead, Self.maximumRead, Int(max(0, size - offset)))
        guard let bytes = try? file.bytes(at: offset, count: count) else { throw .notFound() }
        return .object(["data": .string(String(decoding: bytes, as: UTF8.self)), "offset": .int(offset)])
    }

    /// `/files/download`: a whole file.
    func download(_ path: String) throws(MasterRefusal) -> [UInt8] {
        let file = try open(path)
        defer { try? file.close() }
        guard let size = try? file.status().size, let bytes = try? file.bytes(at: 0, count: Int(size)) else {
            throw .notFound()
        }
        return bytes
    }

    private func open(_ path: String) throws(MasterRefusal) -> File {
        let path = try resolve(path)
        guard let file = try? File(reading: path) else { throw .notFound() }
        guard let status = try? file.status(), status.kind == .regular else {
            throw .badRequest("Cannot read from a directory")
        }
        return file
    }

    /// The real path of an absolute one, or of Mesos's virtual `/frameworks/F/executors/E/runs/latest`.
    private func resolve(_ path: String) throws(MasterRefusal) -> String {
        let full = path.hasPrefix("/frameworks/") ? "\(workDirectory)/slaves/\(agent)\(path)" : path
        guard let root = Self.realPath(workDirectory), let real = Self.realPath(full), real.hasPrefix(root + "/") else {
            throw .notFound()
        }
        return real
    }

    private static func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    private func entry(_ shown: String, _ real: String) -> JSONValue? {
        var status = stat()
        guard stat(real, &status) == 0 else { return nil }
        return .object([
            "path": .string(shown),
            "nlink": .int(Int64(status.st_nlink)),
            "size": .int(Int64(status.st_size)),
            "mtime": .int(Int64(status.st_mtim.tv_sec)),
            "mode": .string(Self.mode(status.st_mode)),
            "uid": .string("\(status.st_uid)"),
            "gid": .string("\(status.st_gid)"),
        ])
    }

    /// As `ls` writes it: `-rw-r--r--`.
    private static func mode(_ mode: mode_t) -> String {
        let kind = mode & S_IFMT == S_IFDIR ? "d" : "-"
        let bits = "rwxrwxrwx".enumerated().map { index, letter in
            mode & (1 << (8 - mode_t(index))) != 0 ? letter : "-"
        }
        return kind + String(bits)
    }
}
