import MesosProtocol

/// Random UUIDs (RFC 9562, version 4) as text.
enum UUIDText {
    static func random() -> String {
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        return [digits[0..<4], digits[4..<6], digits[6..<8], digits[8..<10], digits[10..<16]]
            .map { $0.joined() }.joined(separator: "-")
    }
}

extension MesosFrameworkID {
    static func of(_ value: String) -> MesosFrameworkID { .with { $0.value = value } }
}

extension MesosTaskID {
    static func of(_ value: String) -> MesosTaskID { .with { $0.value = value } }
}

extension MesosMasterInfo {
    /// A master as it tells about itself.
    ///
    /// - Parameter address: an IPv4 address in dots.
    init(id: String, address: String, hostname: String, port: Int) {
        let parts = address.split(separator: ".").compactMap { UInt32($0) }
        self = .with {
            $0.id = id
            // In network order, read as a little-endian number: 127.0.0.1 is 16777343.
            $0.ip = parts.count == 4 ? parts[0] | parts[1] << 8 | parts[2] << 16 | parts[3] << 24 : 0
            $0.port = UInt32(port)
            $0.pid = "master@\(address):\(port)"
            $0.hostname = hostname
            $0.version = MesosVersion.version
            $0.address.hostname = hostname
            $0.address.ip = address
            $0.address.port = Int32(port)
            $0.capabilities = [.agentUpdate, .agentDraining, .quotaV2].map { type in .with { $0.type = type } }
        }
    }
}
