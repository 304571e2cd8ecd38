import Dispatch
import Glibc
import Synchronization

/// A TCP proxy on loopback, before a server, that misbehaves on demand; ends with the last reference.
///
/// One thread moves the bytes, under the lock that every call here takes: when a call returns, nothing passes by the
/// old rules any more.
final class CuttingProxy: Sendable {
    enum Behaviour: Sendable, Hashable {
        case forward
        /// Nobody listens: connecting fails. Connections that stand go on.
        case refuse
        /// Connecting works, and nothing passes in either direction; what was sent follows when this ends.
        case stall
        /// Answers come this much later.
        case delayAnswers(Duration)
        /// Requests pass and answers are lost; a connection that has lost some is cut when this ends.
        case dropAnswers
        /// So many more bytes of answers pass, of all connections together; the connection that would get the next one
        /// is cut, and the behaviour is ``forward`` again. 0: the next request is carried out and never answered.
        case truncateAnswers(after: Int)
    }

    let port: Int
    private let core: ProxyCore

    /// Before a server on a loopback port, whether or not it runs yet.
    init(to port: Int) throws {
        core = try ProxyCore(to: port)
        self.port = core.port
        DispatchQueue(label: "cutting proxy").async { [core] in core.run() }
    }

    deinit {
        core.end()
    }

    /// For clients.
    var connection: String { "127.0.0.1:\(port)" }

    /// What happens to all connections, those that stand and new ones.
    var behaviour: Behaviour {
        get { core.change { $0.behaviour } }
        set { core.change { $0.behave(newValue) } }
    }

    /// Cuts every connection that stands now.
    func cut() {
        core.change { $0.cut { _ in true } }
    }

    /// Lets nothing pass any more through the connections that stand now, and keeps them open.
    func freeze() {
        core.change { $0.freeze() }
    }

    /// How many connections stand.
    var connections: Int {
        core.change { $0.links.count }
    }
}

/// What the thread of a proxy and its owner share.
private final class ProxyCore: Sendable {
    let port: Int
    private let state: Mutex<ProxyState>
    /// What is sent into the first wakes the thread, which waits for the second.
    private let wakers: (Int32, Int32)

    init(to upstream: Int) throws {
        let (listener, port) = try Loopback.bind()
        _ = fcntl(listener, F_SETFL, O_NONBLOCK)
        // To listen again beside connections that stand.
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        listen(listener, ProxyState.backlog)
        self.port = port
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw TestFailure("socketpair: \(errno)") }
        wakers = (ends[0], ends[1])
        state = Mutex(ProxyState(listener: listener, upstream: upstream))
    }

    deinit {
        close(wakers.0)
        close(wakers.1)
    }

    func change<Result: Sendable>(_ body: (inout ProxyState) -> Result) -> Result {
        let result = state.withLock { body(&$0) }
        _ = send(wakers.0, [1], 1, Loopback.noSignal)
        return result
    }

    func end() {
        change { $0.end() }
    }

    func run() {
        var woken = [UInt8](repeating: 0, count: 64)
        while let (sockets, timeout) = state.withLock({ $0.interest }) {
            var polled = sockets + [pollfd(fd: wakers.1, events: Int16(POLLIN), revents: 0)]
            poll(&polled, nfds_t(polled.count), timeout)
            _ = recv(wakers.1, &woken, woken.count, 0)
            state.withLock { $0.step() }
        }
    }
}

/// The connections and what to do with them.
private struct ProxyState: Sendable {
    static let backlog: Int32 = 64

    private(set) var behaviour = CuttingProxy.Behaviour.forward
    private(set) var links: [ProxyLink] = []
    private var listener: Int32
    private let upstream: Int

    init(listener: Int32, upstream: Int) {
        (self.listener, self.upstream) = (listener, upstream)
    }

    mutating func behave(_ new: CuttingProxy.Behaviour) {
        if behaviour == .dropAnswers, new != .dropAnswers { cut { $0.hasLostAnswers } }
        // The socket stays bound, so that nobody else gets the port meanwhile.
        if new == .refuse { shutdown(listener, Int32(SHUT_RD)) }
        if behaviour == .refuse, new != .refuse { listen(listener, Self.backlog) }
        behaviour = new
    }

    mutating func cut(_ condition: (ProxyLink) -> Bool) {
        for link in links where condition(link) { link.close() }
        links.removeAll(where: condition)
    }

    mutating func freeze() {
        for index in links.indices { links[index].isFrozen = true }
    }

    mutating func end() {
        cut { _ in true }
        close(listener)
        listener = -1
    }

    /// What to wait for, and for how many milliseconds; nil at the end.
    var interest: (polled: [pollfd], timeout: Int32)? {
        guard listener >= 0 else { return nil }
        var polled: [pollfd] = []
        if behaviour != .refuse { polled.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0)) }
        guard behaviour != .stall else { return (polled, -1) }
        let now = ContinuousClock.now
        for link in links where !link.isFrozen { polled += link.interest(now) }
        let due = links.compactMap(\.answers.nextDue).filter { $0 > now }.min()
        let timeout = due.map { Int32((now.duration(to: $0) / .milliseconds(1)).rounded(.up)) }
        return (polled, timeout ?? -1)
    }

    /// Does all that can be done without waiting.
    mutating func step() {
        guard listener >= 0 else { return }
        accept()
        guard behaviour != .stall else { return }
        let now = ContinuousClock.now
        for index in links.indices where !links[index].isFrozen { links[index].step(now, &behaviour) }
        cut { $0.isOver }
    }

    private mutating func accept() {
        while behaviour != .refuse {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { return }
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            _ = fcntl(client, F_SETFL, O_NONBLOCK)
            if let server = try? Loopback.beginConnect(upstream) {
                links.append(ProxyLink(client: client, server: server))
            } else {
                close(client)
            }
        }
    }
}

/// A client's connection and the one to the server that belongs to it.
private struct ProxyLink: Sendable {
    private let client: Int32
    private let server: Int32
    private var requests = ProxyStream()
    private(set) var answers = ProxyStream()
    private(set) var hasLostAnswers = false
    private var hasFailed = false
    var isFrozen = false

    init(client: Int32, server: Int32) {
        (self.client, self.server) = (client, server)
    }

    /// Whether there is nothing left to do but to close it.
    var isOver: Bool { hasFailed || (requests.isShut && answers.isShut) }

    func close() {
        for socket in [client, server] {
            // The other side learns of it at once, even while the thread waits for this socket.
            shutdown(socket, Int32(SHUT_RDWR))
            Glibc.close(socket)
        }
    }

    func interest(_ now: ContinuousClock.Instant) -> [pollfd] {
        [(client, requests, answers), (server, answers, requests)].map { socket, incoming, outgoing in
            let events = (incoming.canTake ? POLLIN : 0) | (outgoing.canGive(now) ? POLLOUT : 0)
            // A closed connection is reported without being asked for; not, if nothing can be done about it.
            return pollfd(fd: events == 0 ? -1 : socket, events: Int16(events), revents: 0)
        }
    }

    mutating func step(_ now: ContinuousClock.Instant, _ behaviour: inout CuttingProxy.Behaviour) {
        do {
            while let bytes = try requests.read(client) { requests.take(bytes, due: now) }
            try requests.write(server, now)
            while !hasFailed, let bytes = try answers.read(server) { take(bytes, now, &behaviour) }
            try answers.write(client, now)
        } catch {
            hasFailed = true
        }
    }

    private mutating func take(
        _ bytes: [UInt8],
        _ now: ContinuousClock.Instant,
        _ behaviour: inout CuttingProxy.Behaviour
    ) {
        switch behaviour {
        case .dropAnswers:
            hasLostAnswers = true
        case .delayAnswers(let delay):
            answers.take(bytes, due: now + delay)
        case .truncateAnswers(let left) where left < bytes.count:
            answers.take(Array(bytes.prefix(left)), due: now)
            hasFailed = true
            behaviour = .forward
        case .truncateAnswers(let left):
            answers.take(bytes, due: now)
            behaviour = .truncateAnswers(after: left - bytes.count)
        case .forward, .refuse, .stall:
            answers.take(bytes, due: now)
        }
    }
}

/// The bytes on their way in one direction.
private struct ProxyStream: Sendable {
    private var chunks: [(due: ContinuousClock.Instant, bytes: ArraySlice<UInt8>)] = []
    private var hasEnded = false
    /// Whether the end was passed on.
    private(set) var isShut = false

    var canTake: Bool { !hasEnded && chunks.count < 64 }
    var nextDue: ContinuousClock.Instant? { chunks.first?.due }

    func canGive(_ now: ContinuousClock.Instant) -> Bool {
        nextDue.map { $0 <= now } ?? (hasEnded && !isShut)
    }

    mutating func take(_ bytes: [UInt8], due: ContinuousClock.Instant) {
        // Later bytes never overtake, even if the delay was longer before.
        chunks.append((max(due, chunks.last?.due ?? due), bytes[...]))
    }

    /// What has come; nil if there is nothing now, or nothing any more.
    mutating func read(_ socket: Int32) throws -> [UInt8]? {
        guard canTake else { return nil }
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        let count = recv(socket, &buffer, buffer.count, 0)
        if count > 0 { return Array(buffer[..<count]) }
        if count == 0 { hasEnded = true } else { try checkWouldBlock() }
        return nil
    }

    /// Sends what is due, and the end after all.
    mutating func write(_ socket: Int32, _ now: ContinuousClock.Instant) throws {
        while let (due, bytes) = chunks.first, due <= now {
            let count = bytes.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Loopback.noSignal) }
            guard count >= 0 else { return try checkWouldBlock() }
            chunks[0].bytes = bytes.dropFirst(count)
            if chunks[0].bytes.isEmpty { chunks.removeFirst() }
        }
        if hasEnded, chunks.isEmpty, !isShut {
            shutdown(socket, Int32(SHUT_WR))
            isShut = true
        }
    }

    private func checkWouldBlock() throws {
        guard [EAGAIN, EINTR].contains(errno) else { throw TestFailure("connection lost: \(errno)") }
    }
}
