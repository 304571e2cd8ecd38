import PluginABI

extension HostTable {
    /// The service `heron.host.packages/1`.
    static let packages = ABITable.immortal(
        heron_packages(
            size: UInt32(MemoryLayout<heron_packages>.size),
            reserved: 0,
            publish: { host, file, sink in HostTable.publish(host, file, once: false, sink) },
            publish_once: { host, file, sink in HostTable.publish(host, file, once: true, sink) }
        )
    )

    private static func publish(
        _ host: UnsafePointer<heron_host>?,
        _ file: heron_string,
        once: Bool,
        _ sink: heron_sink
    ) -> heron_status {
        serve(host) { table in
            guard let services = table.services as? any SchedulerHostServices else {
                throw HostFailure(HERON_UNSUPPORTED, "only a scheduler can publish files")
            }
            sink.put(try services.publish(file: file.text, once: once))
            return HERON_OK
        }
    }
}
