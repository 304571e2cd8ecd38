import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import SchedulerCore
import ServiceLifecycle
import Synchronization

/// Serves published files: `GET` and `HEAD` of `/packages/<sha256>/<file>` and `/once/<token>/<file>`.
///
/// Without the topology's secret: whoever knows the URL may have the file. Disks are read outside of the threads that
/// serve requests, a piece at a time, and no faster than the client takes it.
struct PackageHTTP: Sendable {
    let packages: PackageStore
    let log: Logger
    /// Each takes a connection, a descriptor and some pieces of memory. As many agents can fetch at the same moment, far
    /// more than one machine's network can feed; more are told to come again.
    var slots = DownloadSlots(256)
    /// A client that takes nothing for so long is cut off.
    var patience = Duration.seconds(60)

    private static let pieceBytes = 64 << 10

    func add(to router: Router<SchedulerRequestContext>) {
        for path: RouterPath in ["/packages/:sum/:file", "/once/:token/:file"] {
            router.head(path) { request, _ in try await describe(request) }
            router.get(path) { request, context in try await download(request, context.channel) }
        }
    }

    private func describe(_ request: Request) async throws -> Response {
        let path: String = request.uri.path
        guard let size = try await onDisk({ packages.size(of: path) }) else { throw absent }
        var response = Response(status: .ok, headers: headers)
        response.headers[.contentLength] = "\(size)"
        return response
    }

    private func download(_ request: Request, _ channel: any Channel) async throws -> Response {
        let path: String = request.uri.path
        guard let slot: DownloadSlots.Slot = slots.take() else {
            log.warning("a download was refused: \(slots.count) are under way")
            throw HTTPError(
                .serviceUnavailable,
                headers: [.retryAfter: "10"],
                message: "\(slots.count) downloads are under way"
            )
        }
        guard let download = try await onDisk({ packages.download(path) }) else { throw absent }
        let body = ResponseBody(contentLength: Int(download.size)) { writer in
            defer { withExtendedLifetime(slot) {} }
            do {
                try await send(download, to: &writer, channel)
            } catch {
                // The path of a one-time URL is a secret.
                log.info("a download of \(download.name) was broken off: \(error)")
                throw error
            }
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    private var headers: HTTPFields { [.contentType: "application/octet-stream", .cacheControl: "no-store"] }

    private var absent: HTTPError { HTTPError(.notFound, message: "no such file is published") }

    /// Sends the file; the connection is closed, so that this fails, if the client does not go on or the service ends.
    private func send(
        _ download: PackageDownload,
        to writer: inout any ResponseBodyWriter,
        _ channel: any Channel
    ) async throws {
        let sent = Sent()
        let watch = Task { try await closeIfStuck(channel, sent) }
        defer { watch.cancel() }
        try await withGracefulShutdownHandler {
            while case let offset = sent.count, offset < download.size {
                let count = Int(min(Int64(PackageHTTP.pieceBytes), download.size - offset))
                let piece = try await onDisk { try ByteBuffer(bytes: download.bytes(at: offset, count: count)) }
                try await writer.write(piece)
                sent.add(count)
            }
            try await writer.finish(nil)
        } onGracefulShutdown: {
            channel.close(promise: nil)
        }
        download.finish()
    }

    private func closeIfStuck(_ channel: any Channel, _ sent: Sent) async throws {
        while true {
            let before: Int64 = sent.count
            try await Task.sleep(for: patience)
            if sent.count == before { channel.close(promise: nil) }
        }
    }

    /// Does something that blocks on the disk.
    private func onDisk<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await NIOThreadPool.singleton.runIfActive(body)
    }
}

/// How many bytes of a file were sent.
private final class Sent: Sendable {
    private let bytes = Atomic<Int64>(0)

    var count: Int64 { bytes.load(ordering: .relaxed) }

    func add(_ count: Int) {
        bytes.wrappingAdd(Int64(count), ordering: .relaxed)
    }
}
