import Glibc

/// Ports for agents whose tasks run on this machine beside everything else.
enum PortBlocks {
    private static let size = 60

    /// Blocks of ports, each as far as can be told free, below those of outgoing connections.
    static func choose(_ count: Int) -> [ClosedRange<UInt16>] {
        var blocks: [ClosedRange<UInt16>] = []
        while blocks.count < count {
            let first = UInt16.random(in: 12_000...29_000)
            let block = first...(first + UInt16(size) - 1)
            if !blocks.contains(where: block.overlaps), block.allSatisfy(isFree) { blocks.append(block) }
        }
        return blocks
    }

    private static func isFree(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
