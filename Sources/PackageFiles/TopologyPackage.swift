import Files
import Glibc

/// What goes into a topology's package, `topology.tar.gz`, from which every container is set up.
///
/// The archive has Heron's members: the topology's file, its definition, and below `heron-conf/` the cluster's
/// configuration with the release file and the overrides in it.
public struct TopologyPackage: Sendable {
    /// Where the configuration is in the package.
    private static let memberFolder = "./heron-conf"
    /// The name of the overrides there.
    private static let overrideName = "override.yaml"

    private let topologyFile: String
    private let definitionFile: String
    private let configurationFolder: String
    private let releaseFile: String
    private let overrideFile: String
    private let choose: @Sendable (String) throws -> String?

    /// All are paths of files or folders that exist when ``write(to:)`` is called.
    ///
    /// - Parameters:
    ///   - topologyFile: what the user submitted; keeps its name.
    ///   - definitionFile: `<topology name>.defn`; keeps its name.
    ///   - configurationFolder: the cluster's, with what `choose` leaves of it.
    ///   - releaseFile: normally `release.yaml`; keeps its name.
    ///   - overrideFile: becomes `override.yaml`.
    ///   - choose: called for each file in the configuration's folder; returns the path of the file to pack in its
    ///     place, normally itself, or nil to leave it out.
    public init(
        topologyFile: String,
        definitionFile: String,
        configurationFolder: String,
        releaseFile: String,
        overrideFile: String,
        choose: @escaping @Sendable (String) throws -> String? = { $0 }
    ) {
        self.topologyFile = topologyFile
        self.definitionFile = definitionFile
        self.configurationFolder = configurationFolder
        self.releaseFile = releaseFile
        self.overrideFile = overrideFile
        self.choose = choose
    }

    /// Writes the package to a path at which nothing may be yet.
    ///
    /// Links are replaced by what they point to. The same files make the same archive. Throws ``PackageError`` or
    /// `FileError`, or `CancellationError` if the task was cancelled, or what `choose` throws; then no file remains.
    /// Blocks.
    public func write(to path: String) throws {
        let members: [PackedMember] = try self.members()
        let file = try File(creating: path)
        do {
            let writer = TarWriter(try GzipWriter(file))
            for member in members {
                switch member.status.kind {
                case .folder: try writer.addFolder(member.name, status: member.status)
                default: try writer.addFile(member.name, from: member.path)
                }
            }
            try writer.finish()
        } catch {
            unlink(path)
            throw error
        }
    }

    private func members() throws -> [PackedMember] {
        let folder: String = TopologyPackage.memberFolder
        var members = MemberList()
        try members.addFile(baseName(topologyFile), from: topologyFile)
        try members.addFile(baseName(definitionFile), from: definitionFile)
        try members.addTree(folder, from: configurationFolder, choose)
        try members.replaceFile("\(folder)/\(baseName(releaseFile))", from: releaseFile)
        try members.replaceFile("\(folder)/\(TopologyPackage.overrideName)", from: overrideFile)
        return members.all
    }
}

/// A file or folder that is to be packed.
private struct PackedMember {
    let name: String
    let path: String
    let status: FileStatus

    /// Follows links: a package holds files and folders only.
    init(_ name: String, from path: String) throws {
        self.name = name
        self.path = path
        status = try FileStatus(following: path)
        if status.kind == .special {
            throw PackageError.unpackable(path: path, reason: "it is neither a file nor a folder")
        }
    }
}

/// Members in the order in which they are packed, each name once.
private struct MemberList {
    private(set) var all: [PackedMember] = []
    private var positions: [String: Int] = [:]

    mutating func addFile(_ name: String, from path: String) throws {
        guard positions[name] == nil else {
            throw PackageError.unpackable(path: path, reason: "the package already has a member '\(name)'; rename it")
        }
        try replaceFile(name, from: path)
    }

    /// Adds a file, in the place of one that has the same name if there is one.
    mutating func replaceFile(_ name: String, from path: String) throws {
        let member = try PackedMember(name, from: path)
        guard member.status.kind == .regular else {
            throw PackageError.unpackable(path: path, reason: "it is not a file")
        }
        put(member)
    }

    private mutating func put(_ member: PackedMember) {
        if let position = positions[member.name] {
            all[position] = member
        } else {
            positions[member.name] = all.count
            all.append(member)
        }
    }

    /// Adds a folder and everything in it, sorted by name; of the files, what is chosen in their places.
    mutating func addTree(_ name: String, from path: String, _ choose: (String) throws -> String?) throws {
        try addTree(name, from: path, above: [], choose)
    }

    private mutating func addTree(
        _ name: String,
        from path: String,
        above: [FileStatus.Identity],
        _ choose: (String) throws -> String?
    ) throws {
        let member = try PackedMember(name, from: path)
        guard member.status.kind == .folder else {
            if let chosen: String = try choose(path) { put(try PackedMember(name, from: chosen)) }
            return
        }
        guard !above.contains(member.status.identity) else {
            throw PackageError.unpackable(path: path, reason: "it is a link to a folder that contains it")
        }
        put(member)
        for entry in try folderEntries(path) {
            let above: [FileStatus.Identity] = above + [member.status.identity]
            try addTree("\(name)/\(entry)", from: "\(path)/\(entry)", above: above, choose)
        }
    }
}
