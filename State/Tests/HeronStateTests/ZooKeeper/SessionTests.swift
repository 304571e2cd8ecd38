import HeronState
import Testing

@testable import ZooKeeperClient

extension OwnServerTests {
    /// Sessions that are lost and replaced.
    @Suite(.timeLimit(.minutes(2)))
    struct SessionTests {
        private let node = "/ephemeral-\(UInt64.random(in: 0...UInt64.max))"

        @Test("After its session has expired a client has a new one, with its ephemeral nodes as they were last")
        func renewal() async throws {
            let client = try await ZooKeeperClient.open(port: ZooKeeperServer.shared().port)
            let other = try await ZooKeeperClient.open(port: ZooKeeperServer.shared().port)
            var events = client.events { $0 }.makeAsyncIterator()
            try await client.create(node, [1], isEphemeral: true, before: .soon)
            let first = try #require(try await client.exists(node, before: .soon)?.ephemeralOwner)
            // Others may write to it, and the new session has to know.
            _ = try await other.set(node, [2], version: nil, before: .soon)
            try await wait(for: client, node, [2])

            try await client.expireSession()
            #expect(await seen(&events, until: .renewed).contains(.expired))
            let found = try #require(try await other.get(node, before: .soon))
            #expect(found.data == [2])
            #expect(found.stat.ephemeralOwner != first && found.stat.ephemeralOwner != 0)
            #expect(client.isOwn(session: found.stat.ephemeralOwner))

            await client.close()
            #expect(try await other.exists(node, before: .soon) == nil)
            #expect(await events.next() == nil)
            await other.close()
        }

        @Test("A new session does not bring back what was deleted, nor take what others have by now")
        func lostNodes() async throws {
            let server = try await ZooKeeperServer.shared()
            let proxy = try CuttingProxy(to: server.port)
            let client = try await ZooKeeperClient.open(port: proxy.port, sessionTimeout: .seconds(1))
            let other = try await ZooKeeperClient.open(port: server.port)
            let (deleted, own, taken) = (node + "-deleted", node + "-own", node + "-taken")
            for path in [deleted, own, taken] { try await client.create(path, [], isEphemeral: true, before: .soon) }
            try await other.delete(deleted, version: nil, before: .soon)
            // The client learns it by its watch.
            while client.shared.ephemerals.all().contains(where: { $0.path == deleted }) { await Task.yield() }

            var events = client.events { $0 }.makeAsyncIterator()
            let standing = other.watch(taken, { $0 }, failingWith: { $0 })
            proxy.behaviour = .refuse
            proxy.cut()
            for try await node in standing where node == nil { break }
            try await other.create(taken, [9], isEphemeral: true, before: .soon)
            #expect(await seen(&events, until: .expired) == [.disconnected, .expired], "by the client's own clock")
            proxy.behaviour = .forward
            #expect(await seen(&events, until: .ephemeralLost(taken)).contains(.renewed))

            #expect(try await other.exists(deleted, before: .soon) == nil)
            #expect(try await other.exists(own, before: .soon) != nil)
            #expect(try await other.get(taken, before: .soon)?.data == [9])
            await client.close()
            #expect(try await other.exists(own, before: .soon) == nil)
            #expect(try await other.get(taken, before: .soon)?.data == [9])
            await other.close()
        }

        @Test("A watch misses no change that falls into the loss of a session")
        func watches() async throws {
            let client = try await ZooKeeperClient.open(port: ZooKeeperServer.shared().port)
            let other = try await ZooKeeperClient.open(port: ZooKeeperServer.shared().port)
            var values = client.watch(node, { $0?.data }, failingWith: { $0 }).makeAsyncIterator()
            var names = client.watchChildren("/", { $0 ?? [] }, failingWith: { $0 }).makeAsyncIterator()
            #expect(try await values.next() == .some(nil))
            try await other.create(node, [0], isEphemeral: false, before: .soon)
            #expect(try await values.next() == [0])
            for round in 1...5 {
                async let expiry: Void = client.expireSession()
                _ = try await other.set(node, [UInt8(round)], version: nil, before: .soon)
                try await expiry
                while try await values.next() != [UInt8(round)] {}
            }
            try await other.delete(node, version: nil, before: .soon)
            while try await values.next() != .some(nil) {}
            let name = String(node.dropFirst())
            try await client.expireSession()
            try await other.create(node, [], isEphemeral: false, before: .soon)
            while try await names.next()?.contains(name) != true {}
            try await other.delete(node, version: nil, before: .soon)
            await client.close()
            await other.close()
        }

        @Test("A thousand expired sessions with calls under way: every call ends, and none of them lies")
        func manyExpiries() async throws {
            let rounds = 1000
            let client = try await ZooKeeperClient.open(port: ZooKeeperServer.shared().port)
            let other = try await ZooKeeperClient.open(port: ZooKeeperServer.shared().port)
            let counter = node + "-counter"
            try await client.create(node, [], isEphemeral: true, before: .soon)
            try await client.create(counter, bytes("0"), isEphemeral: false, before: .soon)
            let counting = Task {
                var done = 0
                while !Task.isCancelled {
                    let now = try #require(try await client.get(counter, before: .soon))
                    #expect(String(decoding: now.data, as: UTF8.self) == "\(done)")
                    _ = try await client.set(counter, bytes("\(done + 1)"), version: now.stat.version, before: .soon)
                    done += 1
                }
                return done
            }
            let watching = Task {
                var last = -1
                for try await data in client.watch(counter, { $0?.data ?? [] }, failingWith: { $0 }) {
                    let number = try #require(Int(String(decoding: data, as: UTF8.self)))
                    #expect(number > last)
                    last = number
                }
                return last
            }
            for _ in 0..<rounds { try await client.expireSession() }
            counting.cancel()
            var done = 0
            do { done = try await counting.value } catch is CancellationError {
                done = try #require(
                    Int(String(decoding: try await other.get(counter, before: .soon)?.data ?? [], as: UTF8.self))
                )
            }
            #expect(done > 0)
            let final = try #require(try await other.get(counter, before: .soon))
            #expect(final.stat.version >= done && final.stat.version <= done + 1)
            #expect(try await client.exists(node, before: .soon) != nil)
            await client.close()
            #expect(try await watching.value >= 0)
            try await other.delete(counter, version: nil, before: .soon)
            await other.close()
        }

        @Test("A server that accepts the connection and never answers is given up when it serves others")
        func stall() async throws {
            let server = try await ZooKeeperServer.shared()
            let proxy = try CuttingProxy(to: server.port)
            // The C client alone would wait for two thirds of this.
            let client = try await ZooKeeperClient.open(port: proxy.port, sessionTimeout: .seconds(90))
            try await client.create(node, [1], isEphemeral: true, before: .soon)
            let session = try #require(try await client.exists(node, before: .soon)?.ephemeralOwner)
            var events = client.events { $0 }.makeAsyncIterator()
            var values = client.watch(node, { $0?.data }, failingWith: { $0 }).makeAsyncIterator()
            #expect(try await values.next() == [1])
            // The next connection hangs, later ones do not.
            proxy.behaviour = .stall
            proxy.cut()
            while proxy.connections == 0 { try await Task.sleep(for: .milliseconds(10)) }
            proxy.freeze()
            proxy.behaviour = .forward
            #expect(await seen(&events, until: .connected) == [.disconnected, .connected])
            #expect(try await client.exists(node, before: .soon)?.ephemeralOwner == session, "the same session")
            _ = try await client.set(node, [2], version: nil, before: .soon)
            #expect(try await values.next() == [2])
            await client.close()
        }

        @Test("Cancelling ends a call at once, and so does a deadline")
        func cancellation() async throws {
            let server = try await ZooKeeperServer.start()
            let client = try await ZooKeeperClient.open(port: server.port)
            server.suspend()
            let waiting = Task { try await client.get("/", before: .soon) }
            // Under way, with a server that does not answer.
            try await Task.sleep(for: .milliseconds(50))
            waiting.cancel()
            await #expect(throws: CancellationError.self) { _ = try await waiting.value }
            await #expect(throws: ZooKeeperError(.timeout, path: "/")) {
                _ = try await client.get("/", before: .now + .milliseconds(50))
            }
            server.resume()
            #expect(try await client.get("/", before: .soon) != nil)
            await client.close()
            await #expect(throws: ZooKeeperError(.closed, path: "/")) { _ = try await client.get("/", before: .soon) }
        }

        /// Waits until the client's watch of its own ephemeral node has seen the data.
        private func wait(for client: ZooKeeperClient, _ path: String, _ data: [UInt8]) async throws {
            while client.shared.ephemerals.all().first(where: { $0.path == path })?.node.data != data {
                await Task.yield()
            }
        }

        /// The events up to one of them.
        private func seen(
            _ events: inout AsyncStream<ZooKeeperSessionEvent>.Iterator,
            until last: ZooKeeperSessionEvent
        ) async -> [ZooKeeperSessionEvent] {
            var seen: [ZooKeeperSessionEvent] = []
            while let event = await events.next(isolation: #isolation) {
                seen.append(event)
                if event == last { break }
            }
            return seen
        }
    }
}
