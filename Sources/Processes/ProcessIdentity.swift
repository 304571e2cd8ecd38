import Glibc

/// One process for ever: an id that the kernel may give away again, made unique by its start time and the boot.
///
/// The text form, `<pid> <start time> <boot id>`, is what belongs into a file that another process reads later.
public struct ProcessIdentity: Sendable, Hashable, Codable, LosslessStringConvertible {
    public let processID: Int32
    /// Clock ticks between the boot and the start of the process.
    public let startTime: UInt64
    /// The kernel's random id of the boot that `startTime` counts from.
    public let bootID: String

    /// An identity that was read from somewhere; the parts are not checked against the running processes.
    public init(processID: Int32, startTime: UInt64, bootID: String) {
        self.processID = processID
        self.startTime = startTime
        self.bootID = bootID
    }

    public init?(_ description: String) {
        let parts = description.split(whereSeparator: \.isWhitespace)
        guard parts.count == 3, let processID = Int32(parts[0]), processID > 0, let startTime = UInt64(parts[1]) else {
            return nil
        }
        self.init(processID: processID, startTime: startTime, bootID: String(parts[2]))
    }

    public var description: String { "\(processID) \(startTime) \(bootID)" }

    /// The process that has an id now, or nil if there is none; throws as ``ProcessStat/of(_:)``. A zombie
    /// still has its id.
    public static func of(_ processID: Int32) throws(ProcessError) -> ProcessIdentity? {
        guard let stat = try ProcessStat.of(processID) else { return nil }
        return ProcessIdentity(processID: processID, startTime: stat.startTime, bootID: currentBootID)
    }

    /// This process; nil only where `/proc` is not mounted.
    public static var current: ProcessIdentity? { try? of(getpid()) }

    /// Whether that very process still runs; a zombie does not. One that cannot be looked at does as long as its id is
    /// in use.
    public var isAlive: Bool {
        guard bootID == ProcessIdentity.currentBootID else { return false }
        do {
            guard let stat = try ProcessStat.of(processID) else { return false }
            return stat.startTime == startTime && !stat.isZombie
        } catch {
            return kill(processID, 0) == 0 || errno == EPERM
        }
    }

    /// Sends a signal if that very process still runs; false if it does not, or may not be signalled.
    @discardableResult
    public func signal(_ number: Int32) -> Bool {
        isAlive && kill(processID, number) == 0
    }

    /// The id of the machine's present boot, empty where `/proc` is not mounted.
    static let currentBootID: String = {
        let bytes = (try? readProcFile("/proc/sys/kernel/random/boot_id")) ?? []
        return String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
    }()
}
