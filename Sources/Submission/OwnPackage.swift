import Files
import PackageFiles
import Uploading

/// The package of the topology that is being submitted, of which this machine has a copy.
struct OwnPackage: Sendable {
    /// What the uploader returned.
    let uri: String
    /// The copy, `heron.topology.package.file`.
    let file: String

    /// Unpacks a package into a folder for the launcher; this one from its copy where the URI cannot be read here.
    ///
    /// A package that the scheduler service is to serve also stays in the folder, under ``ServedPackage/fileName``.
    /// Throws `PackageError`, `UploadError`, `FileError`, or `CancellationError` if the task was cancelled; then nothing
    /// of it remains. Blocks.
    func fetch(uri wanted: String, into folder: String) throws {
        if let served: ServedPackage = try ServedPackage(uri: wanted) {
            return try bring(served, into: folder)
        }
        try fetchPackage(uri: isBehindServer(wanted) ? file : wanted, into: folder)
    }

    private func isBehindServer(_ wanted: String) -> Bool {
        wanted == uri && ["http://", "https://"].contains(where: wanted.lowercased().hasPrefix)
    }

    private func bring(_ served: ServedPackage, into folder: String) throws {
        let created: [String] = try createFolders(folder)
        do {
            let copy: String = try served.bring(file, into: folder)
            do {
                try unpackPackage(at: copy, into: folder)
            } catch {
                try? removeFile(copy)
                throw error
            }
        } catch {
            removeFoldersIfEmpty(created)
            throw error
        }
    }
}
