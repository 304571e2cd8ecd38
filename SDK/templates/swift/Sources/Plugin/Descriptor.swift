import CLinux
import Glibc

/// A descriptor that is closed when nobody needs it any more.
final class Descriptor: Sendable {
    let number: CInt

    init(_ number: CInt) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// Whether there is something to read.
    var isReadable: Bool {
        var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) > 0
    }
}

/// Something that one thread waits for and another one brings about (eventfd).
struct Event: Sendable {
    let descriptor: Descriptor

    init() throws {
        let number = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
        guard number >= 0 else { throw systemFailure("cannot make an event") }
        descriptor = Descriptor(number)
    }

    func signal() {
        eventfd_write(descriptor.number, 1)
    }

    func reset() {
        var count: eventfd_t = 0
        eventfd_read(descriptor.number, &count)
    }

    func wait() {
        var entry = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, -1) < 1 {}
    }
}
