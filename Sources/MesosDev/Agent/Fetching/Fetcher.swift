import Dispatch
import Files
import Glibc
import MesosProtocol
import PackageFiles

/// Brings what a command's URIs name into its sandbox, one after the other, as Mesos's fetcher does.
///
/// Where Mesos fetches as the task's user, this one fetches as this process does; the files are given away later.
struct Fetcher: Sendable {
    let sandbox: Sandbox
    let settings: AgentSettings

    /// Says in the sandbox's `stderr` what it does, and what fails.
    ///
    /// - Throws: the error of the first URI that cannot be fetched, or `CancellationError`.
    func fetch(_ uris: [MesosCommandInfo.URI]) async throws {
        for uri in uris {
            try Task.checkCancellation()
            sandbox.log("Fetching URI '\(uri.value)'")
            do {
                try await fetch(uri)
            } catch {
                sandbox.log("Failed to fetch '\(uri.value)': \(error)")
                throw error
            }
        }
    }

    private func fetch(_ uri: MesosCommandInfo.URI) async throws {
        let item = try FetchItem(uri)
        let target = "\(sandbox.path)/\(item.name)"
        if let slash = item.name.lastIndex(of: "/") {
            _ = try createFolders("\(sandbox.path)/\(item.name[..<slash])")
        }
        switch item.source {
        case .file(let path): try await blocking { _ = try copyFile(path, to: target) }
        case .http(let url): try await Download(url: url, target: target, settings: settings).run()
        }
        switch item.use {
        case .keep: break
        case .makeExecutable:
            guard chmod(target, 0o755) == 0 else { throw FileError("change the mode of", target, code: errno) }
        case .extract:
            try await extract(target)
            if item.leavesNoArchive { try removeFile(target) }
        }
        sandbox.log("Fetched '\(uri.value)' to '\(target)'")
    }

    private func extract(_ archive: String) async throws {
        let (folder, limits) = (sandbox.path, settings.unpackLimits)
        sandbox.log("Extracting '\(archive)' into '\(folder)'")
        try await blocking { try unpackPackage(at: archive, into: folder, limits: limits) }
    }

    /// Runs what blocks on the disk on a thread of its own.
    private func blocking(_ body: @escaping @Sendable () throws -> Void) async throws {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "fetcher").async { continuation.resume(with: Result { try body() }) }
        }
    }
}
