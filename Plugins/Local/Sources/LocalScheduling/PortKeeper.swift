import PluginKit
import PluginSupport
import Processes

/// Holds the sockets of all port reservations, on a thread with a table of descriptors of its own: among thousands of
/// them, starting a process would take many times as long.
final class PortKeeper: Sendable {
    private enum Message: Sendable {
        case reserve(Reply<Result<HeldPorts, PluginFailure>>)
        case retake([UInt16], Reply<HeldPorts>)
        case release(HeldPorts)
        case leave(Reply<Void>)
    }

    private let mailbox = Mailbox<Message>()

    /// Starts the thread; throws ``PluginFailure`` if there is none to have.
    init() throws {
        let mailbox = mailbox
        try startThread {
            DescriptorTable.separate()
            while true {
                for message in mailbox.take(until: nil) {
                    switch message {
                    case .reserve(let reply): reply.give(Result { () throws(PluginFailure) in try HeldPorts.reserve() })
                    case .retake(let ports, let reply): reply.give(HeldPorts.retake(ports))
                    case .release(let held): held.close()
                    case .leave(let reply):
                        reply.give(())
                        return
                    }
                }
            }
        }
    }

    /// Reserves as many free ports as a container needs; throws ``PluginFailure`` if there are too few.
    func reserve() throws -> PortReservation {
        let reply = Reply<Result<HeldPorts, PluginFailure>>()
        mailbox.put(.reserve(reply))
        let held = try reply.wait().get()
        return PortReservation(held, ports: held.ports, keeper: self)
    }

    /// Holds ports that a container uses already, as far as possible.
    func retake(_ ports: [UInt16]) -> PortReservation {
        let reply = Reply<HeldPorts>()
        mailbox.put(.retake(ports, reply))
        return PortReservation(reply.wait(), ports: ports, keeper: self)
    }

    /// Ends the thread; no reservation may be left, nor be made after it.
    func leave() {
        let reply = Reply<Void>()
        mailbox.put(.leave(reply))
        reply.wait()
    }

    fileprivate func release(_ held: HeldPorts) {
        mailbox.put(.release(held))
    }
}

/// The nine ports of a container, kept from everybody else as long as this object lives.
final class PortReservation: Sendable {
    let ports: [UInt16]
    private let held: HeldPorts
    private let keeper: PortKeeper

    fileprivate init(_ held: HeldPorts, ports: [UInt16], keeper: PortKeeper) {
        self.held = held
        self.ports = ports
        self.keeper = keeper
    }

    deinit { keeper.release(held) }
}
