import Files
import Glibc
import HTTPClient
import MesosProtocol
import PackageFiles

/// Brings what a command's URIs name into its sandbox, one after the other, by the rules of Mesos's fetcher.
struct Fetcher {
    /// Why something could not be fetched, in one line.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let sandbox: Sandbox

    private static let timeout = Duration.seconds(60)
    private static let maximumBytes = 1 << 30
    private static let archives = [".tar", ".tgz", ".tar.gz"]

    func fetch(_ uris: [MesosCommandInfo.URI]) async throws(Failure) {
        for uri in uris { try await fetch(uri) }
    }

    private func fetch(_ uri: MesosCommandInfo.URI) async throws(Failure) {
        let name = uri.hasOutputFile ? uri.outputFile : baseName(uri.value)
        guard !name.isEmpty, !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
            throw Failure(description: "'\(name)' cannot be the name of a file in the sandbox")
        }
        sandbox.log("Fetching URI '\(uri.value)' to '\(sandbox.path)/\(name)'")
        let target = "\(sandbox.path)/\(name)"
        do {
            if let slash = name.lastIndex(of: "/") { _ = try createFolders("\(sandbox.path)/\(name[..<slash])") }
            try await bring(uri.value, to: target)
            if uri.executable {
                guard chmod(target, 0o755) == 0 else { throw FileError("set the mode of", target, code: errno) }
            } else if uri.extract, Fetcher.archives.contains(where: name.hasSuffix) {
                try unpackPackage(at: target, into: sandbox.path)
                sandbox.log("Extracted '\(target)' into '\(sandbox.path)'")
            }
        } catch {
            throw Failure(description: "Failed to fetch '\(uri.value)': \(error)")
        }
    }

    private func bring(_ source: String, to target: String) async throws {
        if source.hasPrefix("/") {
            _ = try copyFile(source, to: target)
        } else if source.hasPrefix("file://") {
            let rest = String(source.dropFirst(7))
            _ = try copyFile(rest.hasPrefix("localhost/") ? String(rest.dropFirst(9)) : rest, to: target)
        } else if source.hasPrefix("http://") || source.hasPrefix("https://") {
            try await download(source, to: target)
        } else {
            throw Failure(description: "this stand-in fetches http, https and file, not others")
        }
    }

    private func download(_ source: String, to target: String) async throws {
        let response = try await HTTPClient.request(
            method: "GET",
            url: source,
            timeout: Fetcher.timeout,
            maxResponseBytes: Fetcher.maximumBytes
        )
        guard response.status == 200 else { throw Failure(description: "the answer was \(response.status)") }
        let file = try File(creating: target, permissions: 0o644)
        try response.body.withUnsafeBytes { try file.write($0) }
        try file.close()
    }
}
