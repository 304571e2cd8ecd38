import PluginABI

extension HostTable {
    /// The service `heron.host.launching/1`.
    static let launching = ABITable.immortal(
        heron_launching(
            size: UInt32(MemoryLayout<heron_launching>.size),
            reserved: 0,
            fetch_package: { host, uri, directory in
                let (uri, directory) = (uri.text, directory.text)
                return HostTable.launch(host) { try await $0.fetchPackage(uri: uri, into: directory) }
            },
            start_scheduler_service: { host, directory in
                let directory = directory.text
                return HostTable.launch(host) { try await $0.startSchedulerService(workingDirectory: directory) }
            },
            schedule_as_library: { host, directory in
                let directory = directory.text
                return HostTable.launch(host) { try await $0.scheduleAsLibrary(workingDirectory: directory) }
            }
        )
    )

    private static func launch(
        _ host: UnsafePointer<heron_host>?,
        _ body: @escaping @Sendable (any LauncherServices) async throws -> Void
    ) -> heron_status {
        serve(host) { table in
            guard let services = table.services as? any LauncherServices else {
                throw HostFailure(HERON_UNSUPPORTED, "only a launcher can do that")
            }
            try waiting { try await body(services) }
            return HERON_OK
        }
    }
}
